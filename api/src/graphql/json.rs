//! JSON that is written as bytes, for pages that are written as a whole (see [`selection`](super::selection)).

use async_graphql::Value;

/// In a request's data: whoever writes the answer writes a `Value::Binary` as it stands, because this schema makes none
/// that is not JSON. Without it pages are made of values like everything else.
#[derive(Clone, Copy, Debug)]
pub struct JsonPages;

/// A value that is JSON already.
#[must_use]
pub fn value(json: Vec<u8>) -> Value {
    Value::Binary(json.into())
}

/// Nothing.
pub fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// True or false.
pub fn truth(out: &mut Vec<u8>, truth: bool) {
    out.extend_from_slice(if truth { b"true" } else { b"false" });
}

/// A number.
pub fn integer(out: &mut Vec<u8>, number: i64) {
    plain(out, format_args!("{number}"));
}

/// Something that prints as JSON has it.
fn plain(out: &mut Vec<u8>, printed: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = std::io::Write::write_fmt(out, printed);
}

/// A text of which it is known that it has nothing to escape: an id, a date, a name of the schema.
pub fn name(out: &mut Vec<u8>, name: &str) {
    debug_assert!(
        name.bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
    );
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.push(b'"');
}

/// Something that prints without anything to escape.
pub fn printed(out: &mut Vec<u8>, printed: impl std::fmt::Display) {
    plain(out, format_args!("\"{printed}\""));
}

/// A text.
pub fn text(out: &mut Vec<u8>, text: &str) {
    // Writing a text into memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// A text, or nothing.
pub fn optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(some) => self::text(out, some),
        None => null(out),
    }
}

/// A list.
pub fn list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (number, one) in items.into_iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        item(out, one);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_serde_json_writes() {
        let mut out = Vec::new();
        list(&mut out, ["a \"b\"\n", "\u{2028}é"], text);
        list(&mut out, [i64::MIN, 0, 7], integer);
        list(&mut out, [Some("x"), None], optional);
        list(&mut out, [true, false], truth);
        printed(&mut out, 2.5);
        name(&mut out, "A_b");
        let expected = [
            serde_json::json!(["a \"b\"\n", "\u{2028}é"]),
            serde_json::json!([i64::MIN, 0, 7]),
            serde_json::json!(["x", null]),
            serde_json::json!([true, false]),
            serde_json::json!("2.5"),
            serde_json::json!("A_b"),
        ];
        let expected: String = expected.iter().map(ToString::to_string).collect();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
