//! Registering, and a rush on one ticket type beside the same load spread over twenty.

use std::cell::Cell;

use crate::database::Database;
use crate::load::{Target, run};
use crate::report::Report;
use crate::shop::{self, REGISTER, Shop};
use crate::{Arguments, Failure, replay};

/// Measures a free place for one person with one consent.
pub(crate) async fn measure(arguments: &Arguments, shop: &Shop, size: u32, report: &mut Report) -> Result<(), Failure> {
    let target = Target {
        arguments,
        pid: shop.program.pid,
        database: &shop.program.database,
    };
    let keys = Cell::new(0_u64);
    let pgbench = match target.database.is_sqlite() {
        true => None,
        false => Some(replay::run(arguments, target.database, async |_| register(shop, &keys, 1).await).await?),
    };
    for &connections in &arguments.connections {
        let figures = run(target, connections, |_, _| register(shop, &keys, 1)).await?;
        report.line(
            "registration",
            target.database.engine(),
            size,
            connections,
            &figures,
            pgbench.as_ref(),
        );
    }
    Ok(())
}

/// Eight buyers at a time on one ticket type, and on twenty, each with a quota of its own.
pub(crate) async fn rush(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    for database in [Database::sqlite()?, Database::postgres(arguments, 0).await?] {
        let shop = shop::open(&arguments.program, database, 20).await?;
        let target = Target {
            arguments,
            pid: shop.program.pid,
            database: &shop.program.database,
        };
        let keys = Cell::new(0_u64);
        let mut rates = [0.0; 2];
        for (rate, kinds) in rates.iter_mut().zip([1, 20]) {
            *rate = run(target, 8, |_, _| register(&shop, &keys, kinds)).await?.per_second;
        }
        report.rush(target.database.engine(), rates[0], rates[1]);
        shop.program.stop().await?;
    }
    Ok(())
}

async fn register(shop: &Shop, keys: &Cell<u64>, kinds: u64) -> Result<(), Failure> {
    let number = keys.get();
    keys.set(number + 1);
    let variables = shop.registration(&format!("r{number}"), usize::try_from(number % kinds)?);
    let answer = shop.anyone.send(REGISTER, &variables).await?;
    let text = String::from_utf8_lossy(&answer);
    match text.contains("\"userErrors\":[]") && text.contains("\"consentIssues\":[]") {
        true => Ok(()),
        false => Err(text.into_owned().into()),
    }
}
