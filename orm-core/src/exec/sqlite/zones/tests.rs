//! Files of zones: read, malformed, missing.

#![allow(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use super::tzif::Zone;
use super::{LONGEST, find, is_about_zone};
use std::fs;
use std::path::PathBuf;

const HOUR: i32 = 3600;

/// One part of a file: its changes to types by their number, and the types, which are how far east of
/// UTC clocks are and whether they are those of summer.
fn part(version: u8, bytes: usize, changes: &[(i64, u8)], types: &[(i32, u8)]) -> Vec<u8> {
    let mut part = b"TZif".to_vec();
    part.push(version);
    part.extend([0; 15]);
    for count in [0, 0, 0, changes.len(), types.len(), 4] {
        part.extend(u32::try_from(count).unwrap().to_be_bytes());
    }
    part.extend(
        changes
            .iter()
            .flat_map(|(at, _)| at.to_be_bytes()[8 - bytes..].to_vec()),
    );
    part.extend(changes.iter().map(|(_, kind)| *kind));
    for (offset, summer) in types {
        part.extend(offset.to_be_bytes());
        part.extend([*summer, 0]);
    }
    part.extend(b"ABC\0");
    part
}

/// A file of today's form, whose first part is of no use.
fn file(changes: &[(i64, u8)], types: &[(i32, u8)], rule: &str) -> Vec<u8> {
    let mut file = part(b'2', 4, &[], &[(0, 0)]);
    file.extend(part(b'2', 8, changes, types));
    file.extend(format!("\n{rule}\n").bytes());
    file
}

const LOCAL: i32 = 53 * 60 + 28;
/// beyond 32 bits
const LONG_AGO: i64 = -2_422_054_408;
/// 1980-04-06T01:00:00Z and 1980-09-28T01:00:00Z
const SUMMER_OF_1980: [i64; 2] = [323_830_800, 338_950_800];

/// As Berlin, with the summer of 1980 alone before a rule that says the same of that year.
fn berlin() -> Vec<u8> {
    let changes = [(LONG_AGO, 1), (SUMMER_OF_1980[0], 2), (SUMMER_OF_1980[1], 1)];
    let types = [(LOCAL, 0), (HOUR, 0), (2 * HOUR, 1)];
    file(&changes, &types, "CET-1CEST,M4.1.0,M9.5.0/3")
}

fn is_malformed(file: &[u8], expected: &str) {
    assert_eq!(Zone::read(file).err(), Some(expected));
}

#[test]
fn before_between_and_after_the_changes() {
    let zone = Zone::read(&berlin()).unwrap();
    let [spring, autumn] = SUMMER_OF_1980;
    for (moment, offset) in [
        (i64::MIN, LOCAL),
        (LONG_AGO - 1, LOCAL),
        (LONG_AGO, HOUR),
        (spring - 1, HOUR),
        (spring, 2 * HOUR),
        (autumn - 1, 2 * HOUR),
        (autumn, HOUR),
        // 2050-07-01
        (2_540_246_400, 2 * HOUR),
        (i64::MAX, HOUR),
    ] {
        assert_eq!(zone.offset(moment), offset, "{moment}");
    }
    // Without a rule it stays as it was after the last change.
    let zone = Zone::read(&file(&[(0, 1)], &[(0, 0), (HOUR, 0)], "")).unwrap();
    assert_eq!(
        (zone.offset(-1), zone.offset(0), zone.offset(i64::MAX)),
        (0, HOUR, HOUR)
    );
    // Without changes the rule is all that there is.
    let zone = Zone::read(&file(&[], &[(0, 0)], "<+0530>-5:30")).unwrap();
    assert_eq!(zone.offset(0), 5 * HOUR + HOUR / 2);
    // Before the first change, clocks are not those of summer.
    let zone = Zone::read(&file(&[(0, 0)], &[(HOUR, 1), (-HOUR, 0)], "")).unwrap();
    assert_eq!((zone.offset(-1), zone.offset(0)), (-HOUR, HOUR));
}

#[test]
fn back_from_what_the_clocks_show() {
    let zone = Zone::read(&berlin()).unwrap();
    let [spring, autumn] = SUMMER_OF_1980;
    let hour = i64::from(HOUR);
    for (shown, moment) in [
        (spring + hour - 1, spring - 1),
        // What they leave out is the moment when they change,
        (spring + hour, spring),
        (spring + hour + 1800, spring),
        (spring + 2 * hour, spring),
        (spring + 2 * hour + 1, spring + 1),
        (autumn + hour - 1, autumn - hour - 1),
        // and what they show twice is the later one.
        (autumn + hour, autumn),
        (autumn + hour + 1800, autumn + 1800),
        (autumn + 2 * hour, autumn + hour),
    ] {
        assert_eq!(zone.moment(shown), moment, "{shown}");
    }
    // There and back, at changes that a rule makes, too: 2050-04-03T01:00:00Z and 2050-09-25T01:00:00Z.
    for change in [LONG_AGO, spring, autumn, 2_532_560_400, 2_547_680_400] {
        for moment in (change - 3 * hour..change + 3 * hour).step_by(900) {
            let offset = i64::from(zone.offset(moment));
            let back = zone.moment(moment + offset);
            let is_first_of_two = i64::from(zone.offset(moment + hour)) == offset - hour;
            assert_eq!(back, moment + if is_first_of_two { hour } else { 0 }, "{moment}");
        }
    }
    // A day that there was not: Samoa went from one side of the date line to the other.
    let day = 24 * hour;
    let zone = Zone::read(&file(&[(day, 1)], &[(-10 * HOUR, 0), (14 * HOUR, 0)], "")).unwrap();
    let midnight = day - 10 * hour;
    for (shown, moment) in [(midnight - 1, day - 1), (midnight, day), (midnight + day, day)] {
        assert_eq!(zone.moment(shown), moment, "{shown}");
    }
    assert_eq!((zone.moment(i64::MIN) < 0, zone.moment(i64::MAX) > 0), (true, true));
}

#[test]
fn files_of_the_first_version() {
    let old = part(0, 4, &[(-100, 1), (100, 0)], &[(0, 0), (-HOUR, 1)]);
    let zone = Zone::read(&old).unwrap();
    assert_eq!([-101, -100, 99, 100].map(|at| zone.offset(at)), [0, -HOUR, -HOUR, 0]);
    for length in 0..old.len() {
        assert!(Zone::read(&old[..length]).is_err(), "{length}");
    }
}

#[test]
fn malformed_files() {
    let clocks = [(0, 0)];
    is_malformed(b"", "it ends too early");
    is_malformed(&[0; 100], "there is no header");
    is_malformed(&file(&[], &[], ""), "it describes no clocks");
    is_malformed(&file(&[(0, 1)], &clocks, ""), "a change is to unknown clocks");
    is_malformed(&file(&[(1, 0), (1, 0)], &clocks, ""), "its changes are in no order");
    is_malformed(&file(&[], &[(26 * HOUR, 0)], ""), "clocks are too far from UTC");
    is_malformed(&file(&[], &[(i32::MIN, 0)], ""), "clocks are too far from UTC");
    is_malformed(&file(&[], &clocks, "EST5EDT"), "its rule makes no sense");
    let mut leaps = part(b'2', 4, &[], &clocks);
    let first = leaps.len();
    leaps.extend(part(b'2', 8, &[], &clocks));
    leaps[first + 31] = 1;
    is_malformed(&leaps, "it counts leap seconds");
    // A part that says to be as long as a file cannot be.
    let mut huge = part(b'2', 4, &[], &clocks);
    huge[20..44].fill(0x7f);
    is_malformed(&huge, "it ends too early");
    huge[20..44].fill(0xff);
    is_malformed(&huge, "it ends too early");
    let mut no_footer = file(&[], &clocks, "UTC0");
    let length = no_footer.len();
    no_footer[length - 6] = b' ';
    is_malformed(&no_footer, "its parts are of wrong lengths");
}

/// Nothing in a file makes reading or using it panic, or go on for ever.
fn survives_damage(file: &[u8]) {
    for length in 0..file.len() {
        assert!(Zone::read(&file[..length]).is_err(), "{length}");
    }
    let mut file = file.to_vec();
    let mut random: u64 = 0x2545_f491_4f6c_dd1d;
    for at in 0..file.len() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let right = file[at];
        let [some, ..] = random.to_be_bytes();
        for wrong in [right ^ (1 << (random % 8)), some, 0, 0x7f, 0xff] {
            file[at] = wrong;
            if let Ok(zone) = Zone::read(&file) {
                for moment in [i64::MIN, -3_000_000_000, 0, 1_700_000_000, 250_000_000_000, i64::MAX] {
                    assert!(zone.offset(moment).abs() < 200 * HOUR);
                    zone.moment(moment);
                }
            }
        }
        file[at] = right;
    }
}

#[test]
fn damaged_files() {
    survives_damage(&berlin());
}

/// Those of this system; it should have some, but may not.
#[test]
fn files_of_the_system() {
    let place = PathBuf::from("/usr/share/zoneinfo");
    for name in ["Europe/Dublin", "Antarctica/Troll", "UTC"] {
        if let Ok(file) = fs::read(place.join(name)) {
            survives_damage(&file);
        }
    }
    let zones = fs::read_to_string(place.join("tzdata.zi")).unwrap_or_default();
    for zone in zones
        .lines()
        .filter_map(|line| line.strip_prefix("Z ")?.split(' ').next())
    {
        assert!(find(std::slice::from_ref(&place), zone).is_ok(), "{zone}");
    }
}

#[test]
fn where_they_are_looked_for() {
    let root = std::env::temp_dir().join(format!("orm-zones-{}", std::process::id()));
    let [empty, first, second] = ["empty", "first", "second"].map(|name| root.join(name));
    fs::create_dir_all(&empty).unwrap();
    fs::create_dir_all(first.join("Europe")).unwrap();
    fs::create_dir_all(second.join("Europe")).unwrap();
    fs::write(root.join("Outside"), berlin()).unwrap();
    fs::write(first.join("Europe/Berlin"), berlin()).unwrap();
    fs::write(first.join("leapseconds"), "# text").unwrap();
    fs::write(first.join("Broken"), b"TZif2").unwrap();
    fs::write(
        first.join("Endless"),
        [berlin(), vec![0; usize::try_from(LONGEST).unwrap()]].concat(),
    )
    .unwrap();
    fs::write(second.join("Europe/Berlin"), file(&[], &[(0, 0)], "")).unwrap();
    fs::write(second.join("Europe/Paris"), file(&[], &[(HOUR, 0)], "")).unwrap();
    fs::write(second.join("Broken"), berlin()).unwrap();

    let places = [empty.clone(), first.clone(), second];
    let offset = |name| find(&places, name).map(|zone| zone.offset(0));
    assert_eq!(offset("Europe/Berlin"), Ok(HOUR));
    assert_eq!(offset("Europe/Paris"), Ok(HOUR));
    assert_eq!(offset("Endless"), Ok(HOUR));
    let outside = root.join("Outside");
    for name in [
        "Mars/Olympus",
        "Europe",
        "leapseconds",
        "",
        ".",
        "..",
        "../Outside",
        "Europe/../../Outside",
        "Europe/",
        "Europe//Berlin",
        "Europe/Berlin\0",
        "Europe\\Berlin",
        outside.to_str().unwrap(),
    ] {
        assert_eq!(offset(name), Err(format!("time zone \"{name}\" not recognized")));
    }
    let broken = offset("Broken").unwrap_err();
    let path = first.join("Broken");
    let expected = format!(
        "time zone \"Broken\" cannot be read from {}: it ends too early",
        path.display()
    );
    assert_eq!(broken, expected);
    for nothing in [vec![], vec![empty], vec![root.join("missing")]] {
        let error = find(&nothing, "Europe/Berlin").map(|_| ()).unwrap_err();
        assert!(
            error.ends_with("install its package tzdata, or name the directory of one in TZDIR"),
            "{error}"
        );
        assert!(is_about_zone(&error) && is_about_zone(&broken), "{error}");
    }
    fs::remove_dir_all(root).unwrap();
}
