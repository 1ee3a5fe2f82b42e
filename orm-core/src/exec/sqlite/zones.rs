//! Time zones by name, which SQLite does not know: out of the system's database, where Python looks
//! for it, too.

mod posix;
#[cfg(test)]
mod tests;
mod tzif;

use crate::exec::lock;
use crate::query::is_zone_name;
use chrono::{DateTime, TimeDelta, Utc};
use hashlink::LruCache;
use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::{env, fs};

/// The directories of the database; one that `TZDIR` names comes first.
const DIRECTORIES: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/usr/lib/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo",
];

/// So many zones are kept, for as long as the program runs.
const MOST: usize = 256;

/// No file of a zone is longer.
const LONGEST: u64 = 1 << 20;

/// How every error about a zone begins: with PostgreSQL's words.
const ABOUT: &str = "time zone \"";

/// Whether SQLite's message is an error of ours about a zone.
pub(crate) fn is_about_zone(message: &str) -> bool {
    message.starts_with(ABOUT)
}

/// What the clocks of a zone show.
#[derive(Debug)]
pub(super) struct Zone(tzif::Zone);

impl Zone {
    /// What they show at a moment, as if it were UTC; `None` beyond the years that there are.
    pub(super) fn shown(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let offset = self.0.offset(moment.timestamp());
        moment.checked_add_signed(TimeDelta::seconds(offset.into()))
    }

    /// The moment when they show that.
    pub(super) fn moment(&self, shown: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moment = self.0.moment(shown.timestamp());
        DateTime::from_timestamp(moment, shown.timestamp_subsec_nanos())
    }
}

thread_local! {
    /// The zone that was used last: a query asks for the same one with each row.
    static LAST: RefCell<Option<(String, Arc<Zone>)>> = const { RefCell::new(None) };
}

static KNOWN: LazyLock<Mutex<LruCache<String, Arc<Zone>>>> = LazyLock::new(|| Mutex::new(LruCache::new(MOST)));

/// The zone of that name, or what is wrong.
pub(super) fn named(name: &str) -> Result<Arc<Zone>, String> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, zone)) if known == name => Ok(Arc::clone(zone)),
        _ => {
            let zone = known(name)?;
            *last = Some((name.to_owned(), Arc::clone(&zone)));
            Ok(zone)
        }
    })
}

/// As kept by the process, or read now.
fn known(name: &str) -> Result<Arc<Zone>, String> {
    if let Some(zone) = lock(&KNOWN).get(name) {
        return Ok(Arc::clone(zone));
    }
    let given = env::var_os("TZDIR").filter(|given| !given.is_empty());
    let directories = given
        .map(PathBuf::from)
        .into_iter()
        .chain(DIRECTORIES.map(PathBuf::from));
    let zone = find(&directories.collect::<Vec<_>>(), name).map(|zone| Arc::new(Zone(zone)))?;
    lock(&KNOWN).insert(name.to_owned(), Arc::clone(&zone));
    Ok(zone)
}

/// The zone of that name in the first of the directories that has it.
fn find(directories: &[PathBuf], name: &str) -> Result<tzif::Zone, String> {
    // What a name may be keeps it within the directory.
    let files = directories
        .iter()
        .filter(|_| is_zone_name(name))
        .map(|place| place.join(name));
    for path in files.filter(|path| path.is_file()) {
        let unreadable = |reason: &dyn std::fmt::Display| {
            format!("{ABOUT}{name}\" cannot be read from {}: {reason}", path.display())
        };
        let file = contents(&path).map_err(|error| unreadable(&error))?;
        if tzif::is_zone(&file) {
            return tzif::Zone::read(&file).map_err(|reason| unreadable(&reason));
        }
    }
    let any = |place: &PathBuf| fs::read_dir(place).is_ok_and(|mut files| files.next().is_some());
    Err(if directories.iter().any(any) {
        format!("{ABOUT}{name}\" not recognized")
    } else {
        format!(
            "{ABOUT}{name}\" not recognized: this system has no time zone database; \
             install its package tzdata, or name the directory of one in TZDIR"
        )
    })
}

fn contents(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::new();
    fs::File::open(path)?.take(LONGEST).read_to_end(&mut file)?;
    Ok(file)
}
