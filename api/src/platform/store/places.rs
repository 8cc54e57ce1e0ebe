//! A row read by the places of its columns, for the statements that answer with thousands of values: no name is looked up,
//! a text is borrowed from the row, and a null costs nothing (the general way makes an error of each).
//!
//! The caller's statement is a constant beside it and says which type stands where; what does not fit is an error.

use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sea_orm::sqlx::{Decode, Error, Row, ValueRef};
use sea_orm::{DbErr, QueryResult, RuntimeErr};
use uuid::Uuid;

/// A row of either engine.
#[derive(Clone, Copy)]
pub struct Places<'a>(Engines<'a>);

#[derive(Clone, Copy)]
enum Engines<'a> {
    Postgres(&'a PgRow),
    Sqlite(&'a SqliteRow),
}

impl<'a> Places<'a> {
    /// Of a row that a statement answered with.
    ///
    /// # Errors
    /// When it is of no engine that is known here.
    pub fn of(row: &'a QueryResult) -> Result<Self, DbErr> {
        if let Some(row) = row.try_as_pg_row() {
            return Ok(Self(Engines::Postgres(row)));
        }
        row.try_as_sqlite_row()
            .map(|row| Self(Engines::Sqlite(row)))
            .ok_or_else(|| DbErr::Type("a row of another engine".into()))
    }

    /// An integer of any size.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn integer(&self, place: usize) -> Result<Option<i64>, DbErr> {
        match self.0 {
            Engines::Postgres(row) => bytes(row, place)?
                .map(|bytes| big_endian(bytes).ok_or_else(|| unfit(place, "an integer")))
                .transpose(),
            Engines::Sqlite(row) => decoded(row, place),
        }
    }

    /// An integer of 32 bits.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn small(&self, place: usize) -> Result<Option<i32>, DbErr> {
        let small = |integer: i64| i32::try_from(integer).map_err(|_| unfit(place, "a small integer"));
        self.integer(place)?.map(small).transpose()
    }

    /// A text.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn text(&self, place: usize) -> Result<Option<&'a str>, DbErr> {
        match self.0 {
            Engines::Postgres(row) => bytes(row, place)?
                .map(|bytes| std::str::from_utf8(bytes).map_err(|_| unfit(place, "a text")))
                .transpose(),
            Engines::Sqlite(row) => decoded(row, place),
        }
    }

    /// An identifier.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn id<T: From<Uuid>>(&self, place: usize) -> Result<Option<T>, DbErr> {
        self.bytes(place)?
            .map(|bytes| Uuid::from_slice(bytes).map_err(|_| unfit(place, "an identifier")))
            .transpose()
            .map(|id| id.map(T::from))
    }

    /// True or false.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn truth(&self, place: usize) -> Result<Option<bool>, DbErr> {
        match self.0 {
            Engines::Postgres(row) => match bytes(row, place)? {
                None => Ok(None),
                Some([0]) => Ok(Some(false)),
                Some([1]) => Ok(Some(true)),
                Some(_) => Err(unfit(place, "a truth value")),
            },
            Engines::Sqlite(row) => decoded(row, place),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn bytes(&self, place: usize) -> Result<Option<&'a [u8]>, DbErr> {
        match self.0 {
            Engines::Postgres(row) => bytes(row, place),
            Engines::Sqlite(row) => decoded(row, place),
        }
    }
}

/// What must be there.
///
/// # Errors
/// When it is not.
pub fn there<T>(value: Option<T>) -> Result<T, DbErr> {
    value.ok_or_else(|| DbErr::Type("a value that is always there was null".into()))
}

fn bytes(row: &PgRow, place: usize) -> Result<Option<&[u8]>, DbErr> {
    let value = row.try_get_raw(place).map_err(failed)?;
    if value.is_null() {
        return Ok(None);
    }
    value.as_bytes().map(Some).map_err(|error| failed(Error::Decode(error)))
}

/// Prepared statements answer in the binary format: network byte order.
fn big_endian(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        2 => bytes.try_into().ok().map(|bytes| i16::from_be_bytes(bytes).into()),
        4 => bytes.try_into().ok().map(|bytes| i32::from_be_bytes(bytes).into()),
        8 => bytes.try_into().ok().map(i64::from_be_bytes),
        _ => None,
    }
}

fn decoded<'a, T: Decode<'a, sea_orm::sqlx::Sqlite>>(row: &'a SqliteRow, place: usize) -> Result<Option<T>, DbErr> {
    let value: SqliteValueRef<'a> = row.try_get_raw(place).map_err(failed)?;
    if value.is_null() {
        return Ok(None);
    }
    T::decode(value).map(Some).map_err(|error| failed(Error::Decode(error)))
}

fn failed(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn unfit(place: usize, what: &str) -> DbErr {
    DbErr::Type(format!("column {place} holds something else than {what}"))
}
