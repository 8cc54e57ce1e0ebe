//! Reads a body up to a limit, whatever its head says about its length.

use std::time::Duration;

use futures_util::{StreamExt, pin_mut};
use poem::Body;
use poem::http::HeaderMap;
use poem::http::header::CONTENT_LENGTH;

use super::super::code::Code;

/// The bytes of a body, or why there are none.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, Code> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Code::PayloadTooLarge);
    }
    let read = async {
        let mut bytes = Vec::with_capacity(announced.unwrap_or(1024));
        let stream = body.into_bytes_stream();
        pin_mut!(stream);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Code::BadRequest)?;
            if bytes.len() + chunk.len() > limit {
                return Err(Code::PayloadTooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(patience, read)
        .await
        .unwrap_or(Err(Code::RequestTimeout))
}
