//! The type `numeric`, as it comes over the wire.
//!
//! sqlx refuses numbers with more digits than a `Decimal` has, which quotients and averages have;
//! those are rounded here.

use rust_decimal::Decimal;

/// Reads a number; `None` for `NaN`, the infinities, and what is too large.
pub(super) fn decode(bytes: &[u8]) -> Option<Decimal> {
    const NEGATIVE: u16 = 0x4000;
    let mut words = bytes.chunks_exact(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    let count = usize::from(words.next()?);
    let weight = i32::from(words.next()?.cast_signed());
    let sign = words.next()?;
    let scale = u32::from(words.next()?);
    if sign != 0 && sign != NEGATIVE {
        return None;
    }
    let digits: Vec<u16> = words.take(count).collect();
    if digits.len() != count {
        return None;
    }
    let mut number = exact(&digits, weight, scale).or_else(|| rounded(&digits, weight))?;
    number.set_sign_negative(sign == NEGATIVE && !number.is_zero());
    Some(number)
}

/// The digits count ten thousands: the first those of `10000^weight`.
fn exact(digits: &[u16], weight: i32, scale: u32) -> Option<Decimal> {
    let mut mantissa: i128 = 0;
    for digit in digits {
        mantissa = mantissa.checked_mul(10_000)?.checked_add(i128::from(*digit))?;
    }
    // The mantissa counts units of 10^exponent; wanted are units of 10^-scale.
    let exponent = 4 * (weight + 1 - i32::try_from(digits.len()).ok()?);
    let shift = exponent.checked_add(i32::try_from(scale).ok()?)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let mantissa = if shift >= 0 {
        mantissa.checked_mul(power)?
    } else {
        mantissa / power
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

fn rounded(digits: &[u16], weight: i32) -> Option<Decimal> {
    let mut text = String::from("0");
    for at in 0..=weight {
        let digit = digits.get(usize::try_from(at).ok()?).copied().unwrap_or(0);
        text.push_str(&format!("{digit:04}"));
    }
    text.push('.');
    for _ in weight.min(-1)..-1 {
        text.push_str("0000");
    }
    for digit in digits.iter().skip(usize::try_from(weight + 1).unwrap_or(0)) {
        text.push_str(&format!("{digit:04}"));
    }
    let text = text.trim_start_matches('0').trim_end_matches('.');
    if text.is_empty() {
        Some(Decimal::ZERO)
    } else {
        format!("0{text}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn number(weight: i16, sign: u16, scale: u16, digits: &[u16]) -> Option<String> {
        let mut bytes = Vec::new();
        for word in [digits.len() as u16, weight.cast_unsigned(), sign, scale]
            .iter()
            .chain(digits)
        {
            bytes.extend(word.to_be_bytes());
        }
        decode(&bytes).map(|number| number.to_string())
    }

    #[test]
    fn reads_numbers() {
        assert_eq!(number(0, 0, 2, &[12, 5000]).as_deref(), Some("12.50"));
        assert_eq!(number(0, 0x4000, 0, &[7]).as_deref(), Some("-7"));
        assert_eq!(number(0, 0, 2, &[]).as_deref(), Some("0.00"));
        assert_eq!(number(1, 0, 0, &[3]).as_deref(), Some("30000"));
        assert_eq!(number(-1, 0, 4, &[1]).as_deref(), Some("0.0001"));
        assert_eq!(number(-2, 0, 8, &[1]).as_deref(), Some("0.00000001"));
        assert_eq!(number(0, 0xC000, 0, &[]), None);
    }

    #[test]
    fn rounds_what_is_too_long() {
        let third = [3333; 10];
        assert_eq!(
            number(-1, 0, 40, &third).as_deref(),
            Some("0.3333333333333333333333333333")
        );
        assert_eq!(number(30, 0, 0, &[1]), None);
    }
}
