//! Runs scripts in two worlds and compares what the observer saw.

use std::collections::BTreeMap;

use consentry::platform::leaks::Leak;
use consentry::platform::store::Engine;
use consentry_domain::Instant;

use super::ask::Ask;
use super::hidden::{Hints, OF_OTHERS, OF_PEOPLE};
use super::script::{Decks, Script, Step};
use super::side::Side;
use super::transcript::{Names, Times};
use super::visible::Visible;
use super::world::World;

/// The first moment of the first case: a day's noon, twenty seconds into a minute, so that a step does not end in another.
pub(super) const BEGINNING: i64 = 1_893_499_220_000_000;
pub(super) const MINUTE: i64 = 60_000_000;

/// Two programs that should not be told apart.
pub struct Pair {
    sides: [Side; 2],
    decks: Decks,
    /// How often each kind of step occurred.
    pub count: Count,
}

/// How often what occurred.
#[derive(Clone, Debug, Default)]
pub struct Count(BTreeMap<String, u64>);

impl Count {
    fn add(&mut self, kind: String) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// Every kind that has to occur and did not.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let hidden = OF_OTHERS
            .iter()
            .chain(OF_PEOPLE)
            .map(|hidden| format!("hidden: {}", hidden.kind()));
        let asks = Ask::kinds().into_iter().map(|kind| format!("ask: {kind}"));
        let visible = Visible::kinds().into_iter().map(|kind| format!("visible: {kind}"));
        hidden
            .chain(visible)
            .chain(asks)
            .filter(|kind| !self.0.contains_key(kind))
            .collect()
    }

    /// How often this kind occurred.
    #[must_use]
    pub fn of(&self, kind: &str) -> u64 {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// How many requests were compared.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0
            .iter()
            .filter(|(kind, _)| kind.starts_with("ask"))
            .map(|(_, count)| count)
            .sum()
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (kind, count) in &self.0 {
            writeln!(f, "{count:>6}  {kind}")?;
        }
        Ok(())
    }
}

/// An answer by which the observer tells the worlds apart.
#[derive(Clone, Debug)]
pub struct Difference {
    /// In which case, at which step.
    pub at: String,
    /// What the two worlds answered.
    pub answers: [String; 2],
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [one, two] = &self.answers;
        write!(f, "{}\n--- one world\n{one}\n--- the other\n{two}", self.at)
    }
}

impl Pair {
    /// Starts both.
    pub async fn start(engine: Engine, leak: Leak) -> Self {
        let (one, two) = tokio::join!(Side::start(engine, leak), Side::start(engine, leak));
        Self {
            sides: [one, two],
            decks: Decks::default(),
            count: Count::default(),
        }
    }

    /// Runs the case of this number. Differences end it.
    ///
    /// # Errors
    /// The first difference.
    pub async fn run(&mut self, case: u64) -> Result<(), Box<Difference>> {
        let script = Script::of(case, &mut self.decks);
        let mut now = Instant(BEGINNING).plus_days(3 * i64::try_from(case).expect("a small number"));
        let [one, two] = &self.sides;
        tokio::join!(one.set_clock(now), two.set_clock(now));
        let (mut first, mut second) = tokio::join!(
            World::make(one, case, &script.orders[0]),
            World::make(two, case, &script.orders[1])
        );
        let keys = [&one.app.platform.keys, &two.app.platform.keys];
        let mut names = [
            Names::new(keys[0], first.lists(), Times::Exact),
            Names::new(keys[1], second.lists(), Times::Exact),
        ];
        let mut hints = Hints::default();
        for (number, step) in script.steps.iter().enumerate() {
            now = Instant(now.0 + 7 * MINUTE);
            let seed = (case << 20) + (1 << 18) + 2 * number as u64;
            match step {
                Step::Wait(minutes) => now = Instant(now.0 + minutes * MINUTE),
                Step::Hidden(which, hidden) => {
                    self.count.add(format!("hidden: {}", hidden.kind()));
                    let (side, world) = if *which == 0 {
                        (one, &mut first)
                    } else {
                        (two, &mut second)
                    };
                    side.set_clock(now).await;
                    side.set_chance(seed + 1);
                    hidden.apply(side, world, number as u64, &mut hints).await;
                }
                Step::Visible(visible) => {
                    self.count.add(format!("visible: {}", visible.kind()));
                    tokio::join!(one.set_clock(now), two.set_clock(now));
                    one.set_chance(seed);
                    two.set_chance(seed);
                    tokio::join!(visible.apply(one, &mut first), visible.apply(two, &mut second));
                }
                Step::Ask(ask) => {
                    self.count.add(format!("ask: {}", ask.kind()));
                    tokio::join!(one.set_clock(now), two.set_clock(now));
                    one.set_chance(seed);
                    two.set_chance(seed);
                    let answers = tokio::join!(ask.send(one, &mut first, &hints), ask.send(two, &mut second, &hints));
                    let answers = [names[0].rename(&answers.0), names[1].rename(&answers.1)];
                    if answers[0] != answers[1] {
                        let before: Vec<_> = script.steps[..number]
                            .iter()
                            .filter(|step| !matches!(step, Step::Ask(_)))
                            .collect();
                        let at = format!("case {case}, step {number}: {ask:?}\nafter {before:?}");
                        return Err(Box::new(Difference { at, answers }));
                    }
                }
            }
        }
        Ok(())
    }
}
