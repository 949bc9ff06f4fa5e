//! What has to hold of the statistics, so that their pictures can be drawn and nobody is recognised in them.

use super::{Flaw, Part, Place, at_most, unique};
use crate::announcement::{
    Announcement, FormStatistics, ITEM_PLACES_MAX, ITEMS_MAX, LISTS_MAX, MOMENTS_MAX, SHARE_PLACES_MAX, STATISTICS_PEOPLE_MIN,
};
use crate::decimal::{self, Decimal};
use std::collections::HashSet;

/// A number of the statistics and what it can be.
struct Number {
    what: &'static str,
    least: i8,
    most: i8,
    places_max: u8,
}

const DIFFICULTY: Number = Number { what: "difficulty", least: -1, most: 1, places_max: ITEM_PLACES_MAX };
const DISCRIMINATION: Number = Number { what: "discrimination", least: -1, most: 1, places_max: ITEM_PLACES_MAX };
const ANSWERED: Number = Number { what: "share answered", least: 0, most: 1, places_max: SHARE_PLACES_MAX };
const ENDED: Number = Number { what: "share ended", least: 0, most: 1, places_max: SHARE_PLACES_MAX };

impl Announcement {
    pub(super) fn check_statistics(&self) -> Result<(), Flaw> {
        at_most("statistics", self.statistics.len(), LISTS_MAX)?;
        unique("formation of the statistics", self.statistics.iter().map(|statistics| &statistics.formation_code))?;
        let lists: HashSet<&str> = self.lists.iter().map(|list| list.formation_code.as_str()).collect();
        self.statistics.iter().try_for_each(|statistics| {
            if !lists.contains(statistics.formation_code.as_str()) {
                return Err(Flaw::NoList { code: statistics.formation_code.clone() });
            }
            statistics.check()
        })
    }
}

impl FormStatistics {
    fn check(&self) -> Result<(), Flaw> {
        if self.people < STATISTICS_PEOPLE_MIN {
            return Err(Flaw::TooFewPeople { place: self.place(Part::Statistics), people: self.people });
        }
        at_most("items", self.items.len(), ITEMS_MAX)?;
        at_most("moments", self.completion.len(), MOMENTS_MAX)?;
        let mut before = None;
        for (index, item) in self.items.iter().enumerate() {
            let place = || self.place(Part::Item(index + 1));
            let point = (DIFFICULTY.read(&item.difficulty, place)?, DISCRIMINATION.read(&item.discrimination, place)?);
            if before.is_some_and(|before| point < before) {
                return Err(Flaw::NotSorted { place: place(), what: "difficulty, then discrimination" });
            }
            before = Some(point);
        }
        let mut before = None;
        for (index, moment) in self.completion.iter().enumerate() {
            let place = || self.place(Part::Moment(index + 1));
            ANSWERED.read(&moment.answered, place)?;
            ENDED.read(&moment.ended, place)?;
            if before.is_some_and(|before| moment.minute <= before) {
                return Err(Flaw::NotSorted { place: place(), what: "minutes" });
            }
            before = Some(moment.minute);
        }
        Ok(())
    }

    fn place(&self, part: Part) -> Place {
        Place { formation_code: self.formation_code.clone(), part }
    }
}

impl Number {
    fn read(&self, text: &str, place: impl Fn() -> Place) -> Result<Decimal, Flaw> {
        let number = Decimal::parse(text).ok_or_else(|| Flaw::NotADecimal { place: place(), what: self.what, text: text.to_owned() })?;
        let whole = |units: i8| Decimal::hundredths(100 * i128::from(units));
        if number < whole(self.least) || whole(self.most) < number {
            let (what, text) = (self.what, text.to_owned());
            return Err(Flaw::OutOfRange { place: place(), what, text, least: self.least, most: self.most });
        }
        if decimal::places(text) > usize::from(self.places_max) {
            return Err(Flaw::NotRounded { place: place(), text: text.to_owned(), decimals: self.places_max });
        }
        Ok(number)
    }
}
