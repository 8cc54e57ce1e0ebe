//! The GraphQL request within a body or a query string.

use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why there is no request in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It is no JSON.
    NotJson,
    /// It is JSON, and no GraphQL request; the text says what is expected.
    NotARequest(&'static str),
}

/// The request in a JSON body.
pub(super) fn from_json(bytes: &[u8]) -> Result<Request, Malformed> {
    match serde_json::from_slice(bytes).map_err(|_| Malformed::NotJson)? {
        Value::Object(map) => from_map(map),
        Value::Array(_) => Err(Malformed::NotARequest(
            "Batches are not offered: send one request at a time.",
        )),
        _ => Err(Malformed::NotARequest("Expected a JSON object with a query.")),
    }
}

/// The parameters of a GET request; others are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    query: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The request in a query string.
pub(super) fn from_parameters(parameters: Parameters) -> Result<Request, Malformed> {
    let mut map = Map::new();
    let mut json = |name: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            map.insert(
                name.to_owned(),
                serde_json::from_str(&text).map_err(|_| Malformed::NotJson)?,
            );
        }
        Ok(())
    };
    json("variables", parameters.variables)?;
    json("extensions", parameters.extensions)?;
    map.extend(parameters.query.map(|text| ("query".to_owned(), Value::String(text))));
    let name = parameters.operation_name.filter(|name| !name.is_empty());
    map.extend(name.map(|text| ("operationName".to_owned(), Value::String(text))));
    from_map(map)
}

fn from_map(mut map: Map<String, Value>) -> Result<Request, Malformed> {
    let Some(Value::String(query)) = map.remove("query") else {
        return Err(Malformed::NotARequest("`query` must be a text."));
    };
    let mut request = Request::new(query);
    match map.remove("operationName") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => request.operation_name = Some(name),
        Some(_) => return Err(Malformed::NotARequest("`operationName` must be a text or null.")),
    }
    match map.remove("variables") {
        None | Some(Value::Null) => {}
        Some(variables @ Value::Object(_)) => request.variables = Variables::from_json(variables),
        Some(_) => return Err(Malformed::NotARequest("`variables` must be an object or null.")),
    }
    // None are known; they must have the right form all the same.
    match map.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => Ok(request),
        Some(_) => Err(Malformed::NotARequest("`extensions` must be an object or null.")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, from_json};

    #[test]
    fn a_request_is_an_object_with_a_query() {
        let text = br#"{"query":"{ a }","operationName":"A","variables":{"x":[1]},"extensions":{"e":1},"other":1}"#;
        let request = from_json(text).unwrap();
        assert_eq!(
            (request.query.as_str(), request.operation_name.as_deref()),
            ("{ a }", Some("A"))
        );
        assert_eq!(request.variables.len(), 1);
        assert!(from_json(br#"{"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#).is_ok());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "{", "{\"query\":", "nonsense", "{\"query\":\"\u{0}\"}"] {
            assert_eq!(from_json(text.as_bytes()).unwrap_err(), Malformed::NotJson, "{text}");
        }
        assert_eq!(from_json(b"{\"query\":\"\xff\"}").unwrap_err(), Malformed::NotJson);
        let deep = format!(
            "{{\"query\":\"a\",\"variables\":{{\"a\":{}{}}}}}",
            "[".repeat(200),
            "]".repeat(200)
        );
        assert_eq!(from_json(deep.as_bytes()).unwrap_err(), Malformed::NotJson);
        for text in [
            "[]",
            r#"[{"query":"{ a }"}]"#,
            "null",
            "1",
            "{}",
            r#"{"query":null}"#,
            r#"{"query":["{ a }"]}"#,
            r#"{"query":"{ a }","operationName":1}"#,
            r#"{"query":"{ a }","operation_name":"A","variables":[]}"#,
            r#"{"query":"{ a }","variables":"{}"}"#,
            r#"{"query":"{ a }","extensions":false}"#,
        ] {
            assert!(
                matches!(from_json(text.as_bytes()), Err(Malformed::NotARequest(_))),
                "{text}"
            );
        }
    }
}
