//! What is printed: a line as soon as it is known, the comparisons at the end.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::load::Figures;
use crate::replay::Replayed;

/// The figures so far.
pub(crate) struct Report {
    /// CPU of an operation on an engine at a number of registrations, with eight connections.
    cpu: BTreeMap<(String, String), BTreeMap<u32, Duration>>,
    memory: f64,
    notes: Vec<String>,
    pages: Vec<String>,
}

impl Report {
    pub(crate) fn begin(seconds: u64) -> Self {
        println!(
            "Each figure is from {seconds} s of closed-loop load. CPU is per answer, from the kernel's accounts: program + database."
        );
        println!(
            "Ratio: CPU that PostgreSQL needs for the same statements sent by pgbench, divided by CPU of program and database.\n"
        );
        println!(
            "| operation | engine | registrations | connections | answers/s | p50 ms | p99 ms | CPU ms (program + database) | pgbench CPU ms | ratio |"
        );
        println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        Self {
            cpu: BTreeMap::new(),
            memory: 0.0,
            notes: Vec::new(),
            pages: Vec::new(),
        }
    }

    pub(crate) fn line(
        &mut self,
        name: &str,
        engine: &str,
        size: u32,
        connections: usize,
        figures: &Figures,
        pgbench: Option<&Replayed>,
    ) {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (bench, ratio) = pgbench.map_or_else(
            || ("".into(), "".into()),
            |replayed| {
                let ratio = replayed.cpu.as_secs_f64() / figures.cpu().as_secs_f64();
                (
                    format!(
                        "{:.2} ({} statements, {:.0}/s)",
                        ms(replayed.cpu),
                        replayed.statements,
                        replayed.per_second
                    ),
                    format!("{ratio:.2}"),
                )
            },
        );
        println!(
            "| {name} | {engine} | {size} | {connections} | {:.0} | {:.2} | {:.2} | {:.2} ({:.2} + {:.2}) | {bench} | {ratio} |",
            figures.per_second,
            ms(figures.median),
            ms(figures.p99),
            ms(figures.cpu()),
            ms(figures.program),
            ms(figures.server),
        );
        if connections == 8 {
            self.cpu
                .entry((name.into(), engine.into()))
                .or_default()
                .insert(size, figures.cpu());
        }
        self.memory = self.memory.max(figures.memory);
    }

    pub(crate) fn depth(&mut self, name: &str, engine: &str, size: u32, ratio: f64) {
        self.notes.push(format!(
            "{name}, {engine}, {size}: the last tenth of the list takes {ratio:.2} times the first."
        ));
    }

    pub(crate) fn page(&mut self, name: &str, engine: &str, size: u32, page: Duration, documents: Duration) {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let ratio = page.as_secs_f64() / documents.as_secs_f64();
        self.pages.push(format!(
            "| {name} | {engine} | {size} | {:.2} | {:.2} | {ratio:.2} |",
            ms(page),
            ms(documents)
        ));
    }

    pub(crate) fn rush(&mut self, engine: &str, one: f64, twenty: f64) {
        let ratio = one / twenty;
        self.notes.push(format!(
            "Rush, {engine}: {one:.0} registrations/s on one ticket type, {twenty:.0}/s spread over twenty: {ratio:.2} (aim: 0.5 or more)."
        ));
    }

    pub(crate) fn hostile(&mut self, count: usize, slowest: &str, took: Duration, limit: Duration) {
        let verdict = if took < limit { "within" } else { "OVER" };
        self.notes.push(format!(
            "{count} hostile documents refused; the slowest ({slowest}) in {:.2} ms, {verdict} the limit of {} ms.",
            took.as_secs_f64() * 1000.0,
            limit.as_millis()
        ));
    }

    pub(crate) fn end(&self, sizes: &[u32]) {
        println!();
        if let (Some(small), Some(large)) = (sizes.iter().min(), sizes.iter().max()) {
            for ((name, engine), cpu) in &self.cpu {
                if let (Some(at_small), Some(at_large)) = (cpu.get(small), cpu.get(large)) {
                    let ratio = at_large.as_secs_f64() / at_small.as_secs_f64();
                    println!(
                        "- {name}, {engine}: at {large} registrations {ratio:.2} times the CPU at {small} (aim: at most 1.4)."
                    );
                }
            }
        }
        if !self.pages.is_empty() {
            println!("\nPages beside the documents that they run, in turns on one connection (aim: below 1.5):\n");
            println!("| page | engine | registrations | page ms | its documents ms | ratio |");
            println!("|---|---|--:|--:|--:|--:|");
            for line in &self.pages {
                println!("{line}");
            }
            println!();
        }
        for note in &self.notes {
            println!("- {note}");
        }
        if self.memory > 0.0 {
            println!(
                "- Most anonymous resident memory of the program: {:.0} MiB (aim: below 80).",
                self.memory
            );
        }
    }
}
