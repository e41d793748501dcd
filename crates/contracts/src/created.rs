//! The filter of a list by the time of creation.

use crate::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// The largest difference between the time in an id and the time of creation that is stored beside it: both are read from the clock for one row, a
/// moment apart.
const SLACK: Duration = Duration::from_secs(60);

/// The number of bits of a UUIDv7 after its time.
const BITS_AFTER_TIME: u32 = 80;

/// The last time that a UUIDv7 has room for, in milliseconds.
const LAST_TIME: i64 = (1 << 48) - 1;

/// A range of times of creation. Both ends are exclusive; one that is `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CreatedRange {
    /// Only what was created after this time.
    pub after: Option<Timestamp>,
    /// Only what was created before this time.
    pub before: Option<Timestamp>,
}

impl CreatedRange {
    /// Returns whether `time` is in the range.
    pub fn includes(&self, time: Timestamp) -> bool {
        self.after.is_none_or(|after| time > after) && self.before.is_none_or(|before| time < before)
    }

    /// Returns both ends in milliseconds, for a statement that compares with `>` and `<`.
    pub fn bounds(&self) -> (i64, i64) {
        let millis = |end: Option<Timestamp>, open| end.map_or(open, Timestamp::as_millis);
        (millis(self.after, i64::MIN), millis(self.before, i64::MAX))
    }

    /// Returns two ids between which the ids of all rows in the range are, and those of some around it. An id begins with the time at which it was made
    /// (UUIDv7), so the primary key finds the rows of a time, and needs no index of it.
    pub fn ids(&self) -> (Uuid, Uuid) {
        let first = self.after.map_or(Uuid::nil(), |after| lowest_id_at(after.minus(SLACK)));
        let last = self.before.map_or(Uuid::max(), |before| lowest_id_at(before.plus(SLACK)));
        (first, last)
    }
}

/// Returns the lowest id that is made at `time`: ids are UUIDv7, which begin with the time.
pub fn lowest_id_at(time: Timestamp) -> Uuid {
    let millis = time.as_millis().clamp(0, LAST_TIME).unsigned_abs();
    Uuid::from_u128(u128::from(millis) << BITS_AFTER_TIME)
}

#[cfg(test)]
mod tests {
    use super::CreatedRange;
    use crate::Timestamp;
    use uuid::{Builder, Uuid};

    const TIME: i64 = 1_700_000_000_000;

    fn range(after: i64, before: i64) -> CreatedRange {
        let time = |millis| Some(Timestamp::from_millis(millis));
        CreatedRange { after: time(after), before: time(before) }
    }

    #[test]
    fn both_ends_are_exclusive() {
        let range = range(TIME, TIME + 2);
        let included = [TIME, TIME + 1, TIME + 2].map(|time| range.includes(Timestamp::from_millis(time)));
        assert_eq!((included, range.bounds()), ([false, true, false], (TIME, TIME + 2)));
        let open = CreatedRange::default();
        assert!(open.includes(Timestamp::from_millis(i64::MIN)) && open.includes(Timestamp::from_millis(i64::MAX)));
        assert_eq!((open.bounds(), open.ids()), ((i64::MIN, i64::MAX), (Uuid::nil(), Uuid::max())));
    }

    #[test]
    fn the_ids_of_the_range_are_between_its_ids() {
        let (first, last) = range(TIME, TIME + 2).ids();
        // An id may be made a moment before or after the time is read.
        for (millis, random, included) in [
            (TIME - 5_000, [0; 10], true),
            (TIME + 5_000, [255; 10], true),
            (TIME - 61_000, [255; 10], false),
            (TIME + 61_000, [0; 10], false),
        ] {
            let id = Builder::from_unix_timestamp_millis(millis.unsigned_abs(), &random).into_uuid();
            assert_eq!(first < id && id < last, included, "{id}");
        }
        let (first, last) = range(i64::MIN, i64::MAX).ids();
        assert!(first == Uuid::nil() && last > Uuid::from_u128(0x0192_3f5e_7c00_7abc_8def_0123_4567_89ab));
    }
}
