//! What holds for every table.

use super::{item, near, sound};
use item_analysis::{Analysis, Marks};
use proptest::prelude::*;

/// Marks of people (rows) in items (columns), in thousandths.
type Table = Vec<Vec<i64>>;

/// Names of columns never look like those of ids.
fn csv(table: &Table, names: &[usize]) -> String {
    let header: Vec<String> = names.iter().map(|name| format!("q{name}")).collect();
    let row = |row: &Vec<i64>| row.iter().map(|milli| Marks::from_milli(*milli).to_string()).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = table.iter().map(row).collect();
    format!("{}\n{}\n", header.join(","), rows.join("\n"))
}

fn analysed(table: &Table) -> Analysis {
    let names: Vec<usize> = (0..table[0].len()).collect();
    let reading = item_analysis::Reading { id: item_analysis::responses::IdColumn::Absent, ..item_analysis::Reading::default() };
    super::analysed(&csv(table, &names), None, &reading).expect("a sound table")
}

fn column(table: &Table, at: usize) -> Vec<f64> {
    table.iter().map(|row| row[at] as f64 / 1000.0).collect()
}

fn tables(items: std::ops::Range<usize>) -> impl Strategy<Value = Table> {
    let mark = prop_oneof![4 => Just(0_i64), 4 => Just(1000), 1 => 0..5_i64, 1 => Just(2500), 1 => Just(-333)];
    (items, 2..25_usize).prop_flat_map(move |(items, people)| prop::collection::vec(prop::collection::vec(mark.clone(), items), people))
}

/// Equal to nine digits; alpha has no lower bound.
fn relative(what: &str, ours: f64, theirs: f64) {
    let size = theirs.abs().max(1.0);
    near(what, Some(ours / size), Some(theirs / size), 9);
}

/// Textbook formulas in floats, for comparison: too simple to be wrong.
mod textbook {
    pub fn mean(x: &[f64]) -> f64 {
        x.iter().sum::<f64>() / x.len() as f64
    }

    pub fn covariance(x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y).map(|(a, b)| (a - mean(x)) * (b - mean(y))).sum::<f64>() / (x.len() - 1) as f64
    }

    pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
        covariance(x, y) / (covariance(x, x) * covariance(y, y)).sqrt()
    }

    pub fn alpha(items: &[Vec<f64>]) -> f64 {
        let k = items.len() as f64;
        let total = total(items);
        k / (k - 1.0) * (1.0 - items.iter().map(|item| covariance(item, item)).sum::<f64>() / covariance(&total, &total))
    }

    pub fn total(items: &[Vec<f64>]) -> Vec<f64> {
        (0..items[0].len()).map(|person| items.iter().map(|item| item[person]).sum()).collect()
    }
}

proptest! {
    #[test]
    fn statistics_are_those_of_the_textbook(table in tables(2..7)) {
        let analysis = analysed(&table);
        let items: Vec<Vec<f64>> = (0..table[0].len()).map(|at| column(&table, at)).collect();
        if let Some(alpha) = analysis.scales[0].alpha {
            relative("alpha", alpha, textbook::alpha(&items));
        }
        for (at, ours) in analysis.items.iter().enumerate() {
            let others: Vec<Vec<f64>> = items.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, item)| item.clone()).collect();
            near("SD", Some(ours.sd), Some(textbook::covariance(&items[at], &items[at]).sqrt()), 9);
            if let Some(corrected) = ours.point_biserial_corrected {
                near("item and rest", Some(corrected), Some(textbook::correlation(&items[at], &textbook::total(&others))), 9);
            }
            if let Some(whole) = ours.point_biserial {
                near("item and total", Some(whole), Some(textbook::correlation(&items[at], &textbook::total(&items))), 9);
            }
            if let Some(without) = ours.alpha_if_deleted {
                relative("alpha without", without, textbook::alpha(&others));
            }
        }
    }

    #[test]
    fn the_order_of_people_changes_no_digit((table, shuffled) in tables(1..6).prop_flat_map(|table| (Just(table.clone()), Just(table).prop_shuffle()))) {
        let (one, other) = (analysed(&table), analysed(&shuffled));
        prop_assert_eq!(&one.items, &other.items);
        prop_assert_eq!(one.scales[0].alpha, other.scales[0].alpha);
        prop_assert_eq!(one.scales[0].sem, other.scales[0].sem);
    }

    #[test]
    fn the_order_of_items_changes_only_their_order((table, order) in tables(1..6).prop_flat_map(|table| {
        let order: Vec<usize> = (0..table[0].len()).collect();
        (Just(table), Just(order).prop_shuffle())
    })) {
        let moved: Table = table.iter().map(|row| order.iter().map(|at| row[*at]).collect()).collect();
        let reading = item_analysis::Reading { id: item_analysis::responses::IdColumn::Absent, ..item_analysis::Reading::default() };
        let other = super::analysed(&csv(&moved, &order), None, &reading).expect("a sound table");
        let one = analysed(&table);
        prop_assert_eq!(one.scales[0].alpha, other.scales[0].alpha);
        for (place, at) in order.iter().enumerate() {
            prop_assert_eq!(&one.items[*at], &other.items[place]);
        }
    }

    #[test]
    fn alpha_without_an_item_is_alpha_of_the_others(table in tables(3..6)) {
        let analysis = analysed(&table);
        for (at, item) in analysis.items.iter().enumerate() {
            let others: Table = table.iter().map(|row| row.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, mark)| *mark).collect()).collect();
            prop_assert_eq!(item.alpha_if_deleted, analysed(&others).scales[0].alpha);
        }
    }

    #[test]
    fn another_scale_of_an_item_does_not_change_its_correlation_with_the_rest(table in tables(2..6), factor in 1..50_i64, shift in -5000..5000_i64) {
        let rescaled: Table = table.iter().map(|row| {
            let mut row = row.clone();
            row[0] = row[0] * factor + shift;
            row
        }).collect();
        near("item and rest", analysed(&rescaled).items[0].point_biserial_corrected, analysed(&table).items[0].point_biserial_corrected, 9);
    }

    #[test]
    fn copies_of_one_item_measure_perfectly(column in prop::collection::vec(0..6_i64, 2..20), copies in 2..8_usize) {
        let table: Table = column.iter().map(|mark| vec![mark * 1000; copies]).collect();
        let constant = column.iter().all(|mark| *mark == column[0]);
        near("alpha", analysed(&table).scales[0].alpha, (!constant).then_some(1.0), 12);
    }

    #[test]
    fn a_test_beside_its_copy_has_the_alpha_of_the_formula(table in tables(2..6)) {
        // Variances of items double, that of totals is four times as great.
        let items = table[0].len() as f64;
        let doubled: Table = table.iter().map(|row| row.iter().chain(row).copied().collect()).collect();
        let expected = analysed(&table).scales[0].alpha.map(|alpha| {
            let share = 1.0 - alpha * (items - 1.0) / items;
            2.0 * items / (2.0 * items - 1.0) * (1.0 - share / 2.0)
        });
        near("alpha", analysed(&doubled).scales[0].alpha, expected, 9);
    }

    #[test]
    fn everybody_takes_one_choice_or_none(choices in prop::collection::vec(prop::collection::vec("[A-E]?", 3), 2..30)) {
        let rows: Vec<String> = choices.iter().enumerate().map(|(person, row)| format!("P{person},{}", row.join(","))).collect();
        let analysis = sound(&format!("id,q1,q2,q3\n{}\n", rows.join("\n")), Some("item,key\nq1,A\nq2,B\nq3,C\n"));
        for name in ["q1", "q2", "q3"] {
            let item = item(&analysis, name);
            prop_assert_eq!(item.choices.iter().map(|choice| choice.people).sum::<u64>(), choices.len() as u64);
            let right = item.choices.iter().find(|choice| !choice.marks.eq(&Marks::ZERO)).expect("a key");
            prop_assert_eq!(Some(right.share), item.difficulty);
            near(name, right.point_biserial, item.point_biserial_corrected, 12);
        }
    }
}
