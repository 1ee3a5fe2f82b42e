//! `Zone`: what the clocks of a zone show, out of a file of the system's database (TZif, RFC 8536).

use super::posix::Rule;

/// Clocks are less far from UTC than this, in seconds: as RFC 8536 advises, and as no clock ever was.
const FARTHEST: i32 = 26 * 3600;

/// The clocks of a zone.
#[derive(Debug)]
pub(super) struct Zone {
    /// until the first change, in seconds east of UTC
    before: i32,
    /// when the clocks change, in order
    changes: Box<[i64]>,
    /// what they do then
    offsets: Box<[i32]>,
    /// after the last change
    rule: Option<Rule>,
}

/// Why a file cannot be read.
pub(super) type Malformed = &'static str;

type Result<T> = std::result::Result<T, Malformed>;

/// Whether a file is one of a zone.
pub(super) fn is_zone(file: &[u8]) -> bool {
    file.starts_with(b"TZif")
}

impl Zone {
    /// Reads a file.
    pub(super) fn read(file: &[u8]) -> Result<Self> {
        let mut input = Input(file);
        let header = input.header()?;
        if header.version == 0 {
            return input.zone(&header, 4);
        }
        // What follows says the same, and reaches farther than 32 bits do.
        input.take(header.length(4).ok_or(TOO_SHORT)?)?;
        let header = input.header()?;
        let mut zone = input.zone(&header, 8)?;
        zone.rule = input.footer()?;
        Ok(zone)
    }

    /// How far east of UTC the clocks are at a moment, in seconds.
    pub(super) fn offset(&self, moment: i64) -> i32 {
        self.at(moment).0
    }

    /// The moment when the clocks show that, as if it were UTC. Where they show it twice it is the later
    /// one, as on PostgreSQL; where they leave it out it is the one when they change.
    pub(super) fn moment(&self, shown: i64) -> i64 {
        let far = i64::from(FARTHEST);
        let mut from = shown.saturating_sub(far);
        let mut found = from;
        loop {
            let (offset, until) = self.at(from);
            // Of the offsets that begin early enough to show it, the last one counts.
            let moment = shown.saturating_sub(offset.into());
            if from <= moment {
                found = until.map_or(moment, |until| moment.min(until));
            }
            match until {
                Some(until) if until <= shown.saturating_add(far) => from = until,
                _ => return found,
            }
        }
    }

    /// How far east of UTC the clocks are at a moment, and the moment after it when they change.
    fn at(&self, moment: i64) -> (i32, Option<i64>) {
        let next = self.changes.partition_point(|change| *change <= moment);
        let offset = next.checked_sub(1).and_then(|last| self.offsets.get(last));
        match (self.changes.get(next), &self.rule) {
            (None, Some(rule)) => rule.at(moment),
            (next, _) => (offset.copied().unwrap_or(self.before), next.copied()),
        }
    }
}

/// The beginning of each of the two parts of a file: how many of what it has.
struct Header {
    version: u8,
    universal: usize,
    standard: usize,
    leaps: usize,
    changes: usize,
    types: usize,
    letters: usize,
}

/// The length of the description of a type of clocks.
const TYPE: usize = 6;

impl Header {
    /// The length of the part that follows, where a moment has so many bytes.
    fn length(&self, moment: usize) -> Option<usize> {
        [
            self.changes.checked_mul(moment + 1)?,
            self.types.checked_mul(TYPE)?,
            self.letters,
            self.leaps.checked_mul(moment + 4)?,
            self.standard,
            self.universal,
        ]
        .into_iter()
        .try_fold(0, usize::checked_add)
    }
}

const TOO_SHORT: Malformed = "it ends too early";

/// Bytes that are read from their beginning.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(TOO_SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// So many things of that length.
    fn many(&mut self, count: usize, length: usize) -> Result<std::slice::ChunksExact<'a, u8>> {
        let all = self.take(count.checked_mul(length).ok_or(TOO_SHORT)?)?;
        Ok(all.chunks_exact(length))
    }

    fn header(&mut self) -> Result<Header> {
        let start = self.take(20)?;
        if !is_zone(start) {
            return Err("there is no header");
        }
        Ok(Header {
            version: start.get(4).copied().unwrap_or(0),
            universal: self.count()?,
            standard: self.count()?,
            leaps: self.count()?,
            changes: self.count()?,
            types: self.count()?,
            letters: self.count()?,
        })
    }

    fn count(&mut self) -> Result<usize> {
        usize::try_from(number(self.take(4)?)).map_err(|_| TOO_SHORT)
    }

    /// A part of the file, where a moment has so many bytes.
    fn zone(&mut self, header: &Header, moment: usize) -> Result<Zone> {
        if header.leaps > 0 {
            return Err("it counts leap seconds");
        }
        let changes: Box<[i64]> = self.many(header.changes, moment)?.map(number).collect();
        if !changes.is_sorted_by(|one, other| one < other) {
            return Err("its changes are in no order");
        }
        let kinds = self.take(header.changes)?;
        let types = self.many(header.types, TYPE)?.map(clock).collect::<Result<Vec<_>>>()?;
        self.take(header.letters)?;
        self.take(header.standard)?;
        self.take(header.universal)?;
        let standard = types.iter().find(|(_, is_summer)| !is_summer).or(types.first());
        let (before, _) = *standard.ok_or("it describes no clocks")?;
        let offset = |kind: &u8| types.get(usize::from(*kind)).map(|(offset, _)| *offset);
        let offsets: Option<_> = kinds.iter().map(offset).collect();
        Ok(Zone {
            before,
            changes,
            offsets: offsets.ok_or("a change is to unknown clocks")?,
            rule: None,
        })
    }

    /// The rule at the end; there may be none.
    fn footer(&mut self) -> Result<Option<Rule>> {
        if self.take(1)? != b"\n" {
            return Err("its parts are of wrong lengths");
        }
        let length = self.0.iter().position(|byte| *byte == b'\n').ok_or(TOO_SHORT)?;
        match self.take(length)? {
            [] => Ok(None),
            rule => Rule::parse(rule).map(Some).ok_or("its rule makes no sense"),
        }
    }
}

/// A number with a sign, the most significant byte first.
fn number(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|first| *first >= 0x80) {
        -1
    } else {
        0
    };
    bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}

/// A type of clocks: how far east of UTC they are, and whether they are those of summer.
fn clock(bytes: &[u8]) -> Result<(i32, bool)> {
    let (offset, rest) = bytes.split_at_checked(4).ok_or(TOO_SHORT)?;
    let offset = i32::try_from(number(offset))
        .ok()
        .filter(|offset| (1 - FARTHEST..FARTHEST).contains(offset));
    let is_summer = rest.first().is_some_and(|flag| *flag != 0);
    Ok((offset.ok_or("clocks are too far from UTC")?, is_summer))
}
