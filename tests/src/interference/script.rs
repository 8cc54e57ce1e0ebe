//! What happens in a case, made from its seed beforehand, with a model of what must stay the same in both worlds.

use std::collections::BTreeSet;

use super::ask::{After, Ask};
use super::hidden::{Hidden, OF_OTHERS, OF_PEOPLE};
use super::random::{Deck, Random};
use super::visible::Visible;
use super::world::{FOLLOW_UP, PRODUCT};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Both worlds go through it.
    Visible(Visible),
    /// One world goes through it: the first or the second.
    Hidden(usize, Hidden),
    /// The observer asks.
    Ask(Ask),
    /// Time passes: so many minutes.
    Wait(i64),
}

/// A case.
pub struct Script {
    /// Its number, which is its seed.
    pub case: u64,
    /// In which order people register, in each world.
    pub orders: [Vec<usize>; 2],
    /// What happens.
    pub steps: Vec<Step>,
}

/// The kinds from which scripts are made; they go on from case to case.
pub struct Decks {
    asks: Deck<usize>,
    hidden: Deck<Hidden>,
    of_people: Deck<Hidden>,
    visible: Deck<usize>,
}

impl Default for Decks {
    fn default() -> Self {
        Self {
            asks: Deck::new(&(0..Ask::KINDS).collect::<Vec<_>>()),
            hidden: Deck::new(OF_OTHERS),
            of_people: Deck::new(OF_PEOPLE),
            visible: Deck::new(&(0..Visible::KINDS).collect::<Vec<_>>()),
        }
    }
}

/// What the worlds agree on, of one person.
#[derive(Default)]
struct Model {
    /// Fields that were granted to the observer at some time: their values are the same in both worlds.
    granted: BTreeSet<&'static str>,
    /// Fields whose values may differ: they are not granted any more.
    differ: BTreeSet<&'static str>,
    gone: bool,
    /// Nothing can happen any more.
    erased: bool,
}

/// The fields that are corrected, with their columns.
const COLUMNS: &[(&str, &str)] = &[
    ("COMPANY", "company"),
    ("CITY", "city"),
    ("PHONE", "phone"),
    ("JOB_TITLE", "job_title"),
    ("SOCIAL_PROFILE", "social_profile"),
];

impl Script {
    /// The script of a seed.
    #[must_use]
    pub fn of(case: u64, decks: &mut Decks) -> Self {
        let mut random = Random::new(case);
        let people = 4 + random.below(4);
        let numbers: Vec<usize> = (0..people).collect();
        let orders = [random.shuffled(&numbers), random.shuffled(&numbers)];
        let mut model: Vec<Model> = numbers.iter().map(|_| Model::default()).collect();
        let mut steps = Vec::new();
        for person in 0..people {
            for _ in 0..random.below(2) {
                steps.push(hidden(&mut random, decks, &mut model));
            }
            if random.percent(80) {
                steps.push(Step::Visible(grant(&mut random, &mut model, person)));
            }
        }
        for _ in 0..10 {
            for _ in 0..1 + random.below(2) {
                steps.push(hidden(&mut random, decks, &mut model));
            }
            if random.percent(20) {
                steps.push(Step::Wait(*random.one(&[1, 60, 1_440])));
            }
            if random.percent(70) {
                let visible = visible(decks.visible.draw(&mut random), &mut random, &mut model);
                steps.push(Step::Visible(visible));
            }
            for _ in 0..1 + random.below(2) {
                let kind = decks.asks.draw(&mut random);
                steps.push(Step::Ask(Ask::of(kind, &mut random)));
                steps.push(Step::Ask(Ask::leads(&mut random)));
            }
        }
        if case.is_multiple_of(4) {
            // Chance may have left it out.
            steps.push(Step::Visible(Visible::NarrowOffer));
        }
        if case % 12 == 1 {
            // Each page is as likely as any other request, so most are rare.
            steps.extend(Ask::portal().map(Step::Ask));
        }
        for purpose in ["EVENT_FOLLOW_UP", "PRODUCT_INFORMATION"] {
            steps.push(Step::Ask(Ask::every_lead(purpose, 2, After::Start)));
            steps.push(Step::Ask(Ask::every_lead(purpose, 100, After::Start)));
            steps.extend(Ask::by_hidden(purpose).map(Step::Ask));
        }
        steps.push(Step::Ask(Ask::Myself(super::world::Token::All)));
        Self { case, orders, steps }
    }
}

fn hidden(random: &mut Random, decks: &mut Decks, model: &mut [Model]) -> Step {
    let world = random.below(2);
    if random.percent(70) {
        return Step::Hidden(world, decks.hidden.draw(random));
    }
    let person = somebody(random, model);
    let of = &mut model[person];
    let hidden = match decks.of_people.draw(random) {
        Hidden::ValueNotGranted(..) => {
            let free: Vec<_> = COLUMNS
                .iter()
                .filter(|(field, _)| !of.granted.contains(field))
                .collect();
            // Two of these fields are never offered, so that there is always one.
            let (field, column) = **random.one(&free);
            of.differ.insert(field);
            Hidden::ValueNotGranted(person, column)
        }
        Hidden::PresenceNotGranted(_) if !of.gone && !of.granted.contains("ATTENDANCE") => {
            of.differ.insert("ATTENDANCE");
            Hidden::PresenceNotGranted(person)
        }
        // Whoever is gone or restricted decides nothing more.
        Hidden::AlsoElsewhere(_) if !of.gone => Hidden::AlsoElsewhere(person),
        Hidden::AlsoOtherPurpose(_) if !of.gone && !of.granted.is_empty() => Hidden::AlsoOtherPurpose(person),
        Hidden::SecondPlace(_) => Hidden::SecondPlace(person),
        Hidden::ReadsDisclosures(_) => Hidden::ReadsDisclosures(person),
        Hidden::Complains(_) => Hidden::Complains(person),
        Hidden::ErasedElsewhere(_) => Hidden::ErasedElsewhere(person),
        _ => Hidden::Registers,
    };
    Step::Hidden(world, hidden)
}

/// One of those who are still there.
fn somebody(random: &mut Random, model: &[Model]) -> usize {
    let there: Vec<usize> = (0..model.len()).filter(|person| !model[*person].erased).collect();
    *random.one(&there)
}

fn grant(random: &mut Random, model: &mut [Model], person: usize) -> Visible {
    let (offer, offered) = if random.percent(70) {
        (0, FOLLOW_UP)
    } else {
        (1, PRODUCT)
    };
    let same: Vec<_> = offered
        .iter()
        .copied()
        .filter(|field| !model[person].differ.contains(field))
        .collect();
    let fields = random.some(&same);
    model[person].granted.extend(&fields);
    Visible::Grant(person, offer, fields)
}

fn visible(kind: usize, random: &mut Random, model: &mut [Model]) -> Visible {
    let person = somebody(random, model);
    match kind {
        0 => Visible::Withdraw(person, random.below(2)),
        1 => {
            let offer = random.below(2);
            let fields = [FOLLOW_UP, PRODUCT][offer];
            Visible::Narrow(person, offer, fields[random.below(fields.len())])
        }
        2 => {
            let granted = COLUMNS
                .iter()
                .filter(|(field, _)| model[person].granted.contains(field));
            match granted.copied().collect::<Vec<_>>().as_slice() {
                [] => grant(random, model, person),
                some => Visible::Correct(person, random.one(some).1, random.below(1_000) as u64),
            }
        }
        3 if !model[person].gone && !model[person].differ.contains("ATTENDANCE") => Visible::CheckIn(person),
        4 => {
            model[person].gone = true;
            Visible::Restrict(person)
        }
        5 => Visible::LiftRestriction(person),
        6 if random.percent(50) => {
            model[person].gone = true;
            Visible::Cancel(person)
        }
        7 if random.percent(30) => Visible::NarrowOffer,
        8 if random.percent(50) => {
            model[person].gone = true;
            Visible::CancelByStaff(person)
        }
        9 => Visible::WithdrawAll(person),
        10 if model.iter().filter(|person| !person.erased).count() > 2 => {
            model[person].erased = true;
            Visible::Erase(person)
        }
        11 => Visible::IssueToken,
        _ => grant(random, model, person),
    }
}
