//! The demo's synthetic people: who they are, what they register for, when.

/// The two minors; the first one's guardian decides.
pub(super) const GUARDED: [usize; 2] = [11, 13];

/// The first ones order and never pay.
const ABANDONED: usize = 10;

/// How many people register.
pub(super) const PEOPLE: usize = 500;

/// These are there before the demo answers, and those who take the workshop's last places: enough for everything that
/// it says to try.
const FIRST: usize = 16;

/// The first who does not pay and whose order is cancelled.
const CANCELLED: usize = 21;

/// The first whose order stays open.
const OPEN: usize = 42;

const GIVEN: [&str; 20] = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Radia", "Ken", "Lynn", "Dennis", "Hedy",
    "Niklaus", "Sophie", "Leslie", "Margaret", "Robin", "Shafi", "Yukihiro",
];
const FAMILY: [&str; 25] = [
    "Adler",
    "Brandt",
    "Costa",
    "Diaz",
    "Eriksen",
    "Fischer",
    "García",
    "Haas",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Wójcik",
    "Yilmaz",
    "Zimmer",
];
const COMPANIES: [&str; 6] = [
    "Brightworks",
    "Kilo Labs",
    "Nordlicht",
    "Open Harbor",
    "Quarry",
    "Tidewater",
];

/// Those who never pay.
pub(super) fn abandoned() -> impl Iterator<Item = usize> {
    0..ABANDONED
}

/// Those who are there when the demo begins to answer.
pub(super) fn early() -> impl Iterator<Item = usize> {
    (ABANDONED..PEOPLE).filter(|number| is_early(*number))
}

/// The crowd that comes afterwards.
pub(super) fn late() -> impl Iterator<Item = usize> {
    (ABANDONED..PEOPLE).filter(|number| !is_early(*number))
}

fn is_early(number: usize) -> bool {
    number < FIRST || number == CANCELLED || number == OPEN || goes_to(number).ticket == "Workshop"
}

/// What somebody registers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Goal {
    /// Which of the two events.
    pub(super) event: usize,
    pub(super) ticket: &'static str,
}

pub(super) fn goes_to(number: usize) -> Goal {
    let (event, ticket) = match (number % 5, number % 20) {
        _ if number < ABANDONED => (0, "Standard"),
        (4, _) => (1, "Seat"),
        (_, 0 | 1) => (0, "Standard"),
        (_, 2) => (0, "Supporter"),
        (_, 3) if number < 200 => (0, "Workshop"),
        _ => (0, "Community"),
    };
    Goal { event, ticket }
}

/// Whether they pay what is not free.
pub(super) fn pays(number: usize) -> bool {
    number >= ABANDONED && !number.is_multiple_of(7)
}

/// Whether they follow the link of their mail.
pub(super) fn confirms(number: usize) -> bool {
    number >= ABANDONED && (number % 6 != 5 || is_minor(number))
}

pub(super) fn is_minor(number: usize) -> bool {
    GUARDED.contains(&number)
}

/// Given name and family name.
pub(super) fn name(number: usize) -> (&'static str, &'static str) {
    (
        GIVEN[number % GIVEN.len()],
        FAMILY[(number / GIVEN.len()) % FAMILY.len()],
    )
}

pub(super) fn address(number: usize) -> String {
    let (given, family) = name(number);
    let plain = |word: &str| -> String { word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect() };
    format!("{}.{}.{number}@people.example", plain(given), plain(family))
}

pub(super) fn company(number: usize) -> &'static str {
    COMPANIES[number % COMPANIES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_registers_once_and_the_workshop_is_sold_out_before_the_crowd_comes() {
        let mut all: Vec<usize> = abandoned().chain(early()).chain(late()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..PEOPLE).collect::<Vec<_>>());
        let workshop = |number: &usize| goes_to(*number).ticket == "Workshop";
        assert_eq!(early().filter(workshop).count(), 9);
        assert_eq!(late().filter(workshop).count(), 0);
        assert!(early().count() < 20, "they are waited for");
        // The order that is cancelled and the one that stays open are there in time.
        for number in [CANCELLED, OPEN] {
            assert!(
                early().any(|early| early == number) && !pays(number) && !workshop(&number),
                "{number}"
            );
        }
        assert_eq!(goes_to(CANCELLED).ticket, "Standard");
    }
}
