//! How long people took for each item, where somebody measured it.

use crate::responses::IdColumn;
use crate::table::{Header, Table};
use crate::unreadable::{Fault, Unreadable};
use crate::{Marks, Source};
use std::collections::BTreeMap;

/// Sum and count of times by item; seconds, exact to the thousandth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    by_item: BTreeMap<String, (i128, u64)>,
}

impl Times {
    /// Reads seconds, a row per person and a column per item. An empty cell is a time that is not known. The column of ids and columns that
    /// `is_item` does not know are passed over.
    pub fn read(source: Source<'_>, id: &IdColumn, is_item: impl Fn(&str) -> bool) -> Result<Times, Unreadable> {
        let table = Table::open(source, Header::Present)?;
        let is_id = |name: &str| matches!(id, IdColumn::Named(id) if id == name);
        let items: Vec<usize> =
            (0..table.names.len()).filter(|column| !is_id(&table.names[*column]) && is_item(&table.names[*column])).collect();
        if items.is_empty() {
            return Err(table.fault(Some(table.header_line), None, Fault::NoItems));
        }
        let mut sums = vec![(0_i128, 0_u64); items.len()];
        let mut rows = table.rows()?;
        while rows.advance()? {
            for (column, (sum, count)) in items.iter().zip(&mut sums) {
                let text = rows.cell(*column);
                if text.is_empty() || text == "NA" {
                    continue;
                }
                let seconds: Marks =
                    text.parse().map_err(|source| rows.fault(Some(*column), Fault::NotANumber { text: text.to_owned(), source }))?;
                if seconds < Marks::ZERO {
                    return Err(rows.fault(Some(*column), Fault::Negative { text: text.to_owned() }));
                }
                *sum += i128::from(seconds.milli());
                *count += 1;
            }
        }
        let by_item = items.into_iter().map(|column| table.names[column].clone()).zip(sums).collect();
        Ok(Times { by_item })
    }

    /// Adds the time that one person took for an item, milliseconds.
    pub fn add(&mut self, item: &str, ms: u64) {
        // A name is copied only once.
        if !self.by_item.contains_key(item) {
            self.by_item.insert(item.to_owned(), (0, 0));
        }
        if let Some((sum, count)) = self.by_item.get_mut(item) {
            *sum += i128::from(ms);
            *count += 1;
        }
    }

    /// Mean seconds of an item over those whose time is known.
    pub fn mean_s(&self, item: &str) -> Option<f64> {
        let (sum, count) = self.by_item.get(item)?;
        (*count > 0).then(|| *sum as f64 / 1000.0 / *count as f64)
    }
}
