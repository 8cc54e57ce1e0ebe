//! The charts: days beside each other, and what is compared one below the other. Behind each stands a table.

use super::Statistics;
use crate::format::is_nothing;
use crate::frame::{Frame, name_of};

/// The height of the chart of days and the distance between two of its bars, in the drawing's units.
const HEIGHT: i64 = 100;
const STEP: usize = 10;
/// There is room for so many days at least: a bar stays a bar.
const FEWEST_DAYS: usize = 14;
/// So many of the last days are drawn.
const MOST_DAYS: usize = 60;
/// So many letters of a name stand in a drawing; all of them stand in its table.
const MOST_LETTERS: usize = 32;

/// Registrations by day.
pub(super) struct Days {
    /// Those that are drawn: every day up to the last one.
    pub(super) drawn: Vec<Day>,
    /// The width of the drawing.
    pub(super) width: usize,
    /// From when to when it is.
    pub(super) span: String,
    /// Every day that is drawn, and before these each on which somebody registered.
    pub(super) listed: Vec<(String, i64)>,
}

/// The place and height of a day's bar.
pub(super) struct Day {
    pub(super) x: usize,
    pub(super) y: i64,
    pub(super) height: i64,
}

/// A bar with what it says.
pub(super) struct Bar {
    pub(super) words: String,
    pub(super) percent: i64,
}

/// Bars, and the rows of the table behind them.
pub(super) struct Chart<Row> {
    pub(super) bars: Vec<Bar>,
    pub(super) rows: Vec<Row>,
}

impl<Row> Chart<Row> {
    fn of(all: impl Iterator<Item = (Bar, Row)>) -> Self {
        let (bars, rows) = all.unzip();
        Self { bars, rows }
    }
}

impl Bar {
    /// As much of the whole as the part is.
    fn new(name: &str, value: &str, part: i64, whole: i64) -> Self {
        let mut short: String = name.chars().take(MOST_LETTERS).collect();
        if short.len() < name.len() {
            short.push('…');
        }
        let percent = i128::from(part) * 100 / i128::from(whole.max(1));
        Self {
            words: format!("{short}: {value}"),
            percent: i64::try_from(percent.clamp(0, 100)).unwrap_or_default(),
        }
    }
}

/// Registrations by day; none where nobody has registered.
pub(super) fn days(frame: &Frame, statistics: &Statistics) -> Option<Days> {
    let counts = statistics.registrations_by_day.iter();
    let counts: Vec<(jiff::civil::Date, i64)> = counts
        .filter_map(|one| Some((one.day.parse().ok()?, one.count)))
        .collect();
    let (first, last) = (counts.first()?.0, counts.last()?.0);
    let (earlier, drawn) = filled(&counts, first, last);
    let most = drawn.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let name = |day: jiff::civil::Date| frame.day(&format!("{day}T12:00:00Z"), "UTC");
    let bars = drawn.iter().enumerate().map(|(index, (_, count))| {
        let height = (count * HEIGHT / most).max(i64::from(*count > 0));
        Day {
            x: index * STEP + 1,
            y: HEIGHT - height,
            height,
        }
    });
    let from = drawn.first().map_or(first, |(day, _)| *day);
    Some(Days {
        width: drawn.len().max(FEWEST_DAYS) * STEP,
        span: frame.say2("chart-span", "from", &name(from), "until", &name(last)),
        drawn: bars.collect(),
        listed: earlier
            .iter()
            .chain(&drawn)
            .map(|(day, count)| (name(*day), *count))
            .collect(),
    })
}

type Counted = Vec<(jiff::civil::Date, i64)>;

/// What lies before the days that are drawn, and these, each of which is there.
fn filled(
    counts: &[(jiff::civil::Date, i64)],
    first: jiff::civil::Date,
    last: jiff::civil::Date,
) -> (Counted, Counted) {
    let days = (0..).map_while(|back: i32| last.checked_sub(jiff::Span::new().days(back)).ok());
    let mut drawn: Counted = days
        .take(MOST_DAYS)
        .take_while(|day| *day >= first)
        .map(|day| {
            let known = counts.binary_search_by_key(&day, |(its, _)| *its);
            (day, known.map_or(0, |place| counts[place].1))
        })
        .collect();
    drawn.reverse();
    let from = drawn.first().map_or(first, |(day, _)| *day);
    let earlier = counts.iter().filter(|(day, _)| *day < from).copied();
    (earlier.collect(), drawn)
}

/// Orders by state: how many, and what they cost; none where all is free, for there is no money to speak of.
pub(super) fn money(frame: &Frame, statistics: &Statistics) -> Chart<(String, i64, String)> {
    let orders: Vec<_> = statistics.money.iter().flat_map(|money| &money.orders).collect();
    let costs_nothing = orders.iter().all(|count| is_nothing(&count.total.amount));
    // Amounts of one currency have equally many decimals.
    let minor = |amount: &str| amount.replace('.', "").parse::<i64>().unwrap_or_default();
    let most = |currency: &str| {
        let same = orders.iter().filter(|count| count.total.currency == currency);
        same.map(|count| minor(&count.total.amount)).max().unwrap_or_default()
    };
    let shown = orders.iter().filter(|_| !costs_nothing).map(|count| {
        let (status, total) = (frame.of("order-status", &count.status), &count.total);
        let words = frame.money(&total.amount, &total.currency);
        let bar = Bar::new(&status, &words, minor(&total.amount), most(&total.currency));
        (bar, (status, count.count, words))
    });
    Chart::of(shown)
}

/// Who is in, by door, of all who are expected.
pub(super) fn doors(statistics: &Statistics) -> Chart<(String, i64)> {
    let expected = confirmed(statistics);
    let shown = statistics.check_ins.iter().map(|one| {
        let bar = Bar::new(&one.list, &one.count.to_string(), one.count, expected);
        (bar, (one.list.clone(), one.count))
    });
    Chart::of(shown)
}

/// A quota's row: what it is called, how many are taken, how many there are, and how many are left.
pub(super) struct Stock {
    pub(super) name: String,
    pub(super) taken: i64,
    pub(super) size: i64,
    pub(super) available: i64,
}

/// The places that are taken of those that there are.
pub(super) fn places(statistics: &Statistics) -> Chart<Stock> {
    let shown = statistics.availability.iter().map(|quota| {
        let taken = quota.size - quota.available;
        let row = Stock {
            name: quota.name.clone(),
            taken,
            size: quota.size,
            available: quota.available,
        };
        let value = format!("{taken} / {}", quota.size);
        (Bar::new(&quota.name, &value, taken, quota.size), row)
    });
    Chart::of(shown)
}

/// How many places are confirmed.
pub(super) fn confirmed(statistics: &Statistics) -> i64 {
    let all = statistics.registrations.iter();
    all.filter(|count| name_of(&count.status) == "CONFIRMED")
        .map(|count| count.count)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> jiff::civil::Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_day_on_which_nobody_registered_has_its_place_in_the_drawing() {
        let counts = [(day("2027-02-27"), 3), (day("2027-03-02"), 1)];
        let (earlier, drawn) = filled(&counts, counts[0].0, counts[1].0);
        assert!(earlier.is_empty(), "{earlier:?}");
        let expected = [
            ("2027-02-27", 3),
            ("2027-02-28", 0),
            ("2027-03-01", 0),
            ("2027-03-02", 1),
        ];
        assert_eq!(drawn, expected.map(|(its, count)| (day(its), count)));
    }

    #[test]
    fn what_is_too_old_to_be_drawn_is_not_lost() {
        let counts = [(day("2026-01-01"), 5), (day("2027-01-01"), 2), (day("2027-03-01"), 1)];
        let (earlier, drawn) = filled(&counts, counts[0].0, counts[2].0);
        assert_eq!(earlier, [(day("2026-01-01"), 5)]);
        assert_eq!(
            (drawn.len(), drawn[0], drawn[1]),
            (60, (day("2027-01-01"), 2), (day("2027-01-02"), 0))
        );
    }

    #[test]
    fn a_bar_is_never_longer_than_its_whole_and_a_long_name_is_cut() {
        for (part, whole, percent) in [
            (0, 0, 0),
            (1, 0, 100),
            (3, 10, 30),
            (12, 10, 100),
            (i64::MAX, i64::MAX, 100),
        ] {
            assert_eq!(Bar::new("a", "1", part, whole).percent, percent, "{part} of {whole}");
        }
        assert_eq!(
            Bar::new(&"ä".repeat(33), "1", 1, 1).words,
            format!("{}…: 1", "ä".repeat(32))
        );
        assert_eq!(Bar::new("main", "1", 1, 1).words, "main: 1");
    }
}
