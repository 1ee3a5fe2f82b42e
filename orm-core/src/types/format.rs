//! The forms of text that field types ask for: email addresses, URLs, slugs.

/// Letters, digits, underscores and hyphens.
pub(super) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// An email address: a name or a quoted one, and a domain or an address in brackets.
pub(super) fn is_email(text: &str) -> bool {
    text.rsplit_once('@')
        .is_some_and(|(user, domain)| text.len() <= 320 && is_user(user) && is_email_domain(domain))
}

fn is_user(user: &str) -> bool {
    let quoted = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted {
        return !inner.is_empty() && !inner.contains(['"', '\\', '\r', '\n']);
    }
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

fn is_email_domain(domain: &str) -> bool {
    if domain == "localhost" || address(domain) == Some("") {
        return true;
    }
    let is_inner = |c: char| c.is_alphanumeric() || c == '-';
    let is_label = |label: &str| {
        label.chars().count() <= 63
            && label.chars().all(is_inner)
            && label.starts_with(char::is_alphanumeric)
            && label.ends_with(char::is_alphanumeric)
    };
    domain.rsplit_once('.').is_some_and(|(labels, last)| {
        (2..=63).contains(&last.chars().count()) && last.chars().all(is_inner) && labels.split('.').all(is_label)
    })
}

/// What follows an address in brackets, where there is one.
fn address(text: &str) -> Option<&str> {
    let (address, rest) = text.strip_prefix('[')?.split_once(']')?;
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
    (!address.is_empty() && address.chars().all(is_part)).then_some(rest)
}

/// A URL with one of the schemes that browsers and file transfer use.
pub(super) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let known = ["http", "https", "ftp", "ftps"];
    if !known.iter().any(|known| scheme.eq_ignore_ascii_case(known)) || rest.contains(char::is_whitespace) {
        return false;
    }
    // A name and a password may stand before the place, and a `@` behind it.
    is_place(rest)
        || rest
            .match_indices('@')
            .any(|(at, _)| at > 0 && is_place(&rest[at + 1..]))
}

/// A host, and perhaps a port and a path.
fn is_place(text: &str) -> bool {
    let rest = address(text).or_else(|| {
        let end = text.find(['/', '?', '#', ':']).unwrap_or(text.len());
        let (host, rest) = text.split_at(end);
        let name = host.strip_suffix('.').unwrap_or(host);
        let has_domain = name.contains('.') && name.split('.').all(|label| !label.is_empty());
        (host == "localhost" || has_domain).then_some(rest)
    });
    rest.is_some_and(|rest| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        rest[..end].is_empty() || rest[..end].strip_prefix(':').is_some_and(is_port)
    })
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        for good in [
            "a@b.co",
            "first.last+tag@sub.example.com",
            "x@localhost",
            "a@bücher.de",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            "a@[::1]",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a b@c.de",
            "a@b",
            "a@b..c",
            "a@-b.co",
            "a@b-.co",
            ".a@b.co",
            "a.@b.co",
            "a@b.c",
            "\"\"@c.de",
            "a@[]",
            "a@[x]",
            "a@[::1].de",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_email(&format!("a@{}.co", "b".repeat(63))));
        assert!(!is_email(&format!("a@{}.co", "b".repeat(64))));
    }

    #[test]
    fn urls() {
        for good in [
            "http://example.com",
            "HTTPS://example.com:8080/a?b#c",
            "ftp://localhost",
            "http://localhost:8000",
            "http://[::1]/",
            "http://[::1]:80",
            "http://user:secret@example.com/",
            "http://example.com./a@b",
            "http://a@b@c.de",
            "http://bücher.de?x",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "example.com",
            "http://",
            "http://a b.com",
            "javascript:alert(1)",
            "http://a",
            "http://a..b",
            "http://.a.b",
            "http://a.b:",
            "http://a.b:123456",
            "http://a.b:x",
            "http://[::1",
            "http://localhosts",
            "mailto://a.b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn slugs() {
        assert!(is_slug("a-b_C9") && !is_slug("a b") && !is_slug("é") && !is_slug(""));
    }
}
