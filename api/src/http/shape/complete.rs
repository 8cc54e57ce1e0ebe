//! Puts null where a field failed, and where that may not be, in the place of what holds it.

use async_graphql::parser::types::{BaseType, Type};
use async_graphql::{Name, PathSegment, Value};

use super::plan::Plan;

/// Completes an answer from the paths of its errors.
pub(in crate::http) fn complete<'a>(
    data: &mut Value,
    plan: &Plan,
    errors: impl Iterator<Item = &'a [PathSegment]> + Clone,
) {
    // First every failed field becomes null, then nulls rise: an object that lost all its fields came as null, and must
    // not be mistaken for one whose null rose.
    for path in errors.clone() {
        put(data, plan, path);
    }
    for path in errors {
        // The root may always be null.
        rise(data, plan, None, path);
    }
}

fn put(value: &mut Value, plan: &Plan, path: &[PathSegment]) {
    match path {
        [PathSegment::Field(key), rest @ ..] => {
            let Some(entry) = plan.entry(key) else { return };
            if *value == Value::Null {
                *value = Value::Object(Default::default());
            }
            let Value::Object(object) = value else { return };
            let inner = object.entry(Name::new(key)).or_insert(Value::Null);
            put(inner, &entry.inner, rest);
        }
        [PathSegment::Index(index), rest @ ..] => {
            if let Value::List(list) = value
                && let Some(item) = list.get_mut(*index)
            {
                put(item, plan, rest);
            }
        }
        [] => {}
    }
}

/// Whether this place had to become null and may not, so that what holds it must.
fn rise(value: &mut Value, plan: &Plan, ty: Option<&Type>, path: &[PathSegment]) -> bool {
    let inner_rose = match (&mut *value, path) {
        (Value::Object(object), [PathSegment::Field(key), rest @ ..]) => {
            match (object.get_mut(key.as_str()), plan.entry(key)) {
                (Some(inner), Some(entry)) => rise(inner, &entry.inner, entry.ty.as_deref(), rest),
                _ => false,
            }
        }
        (Value::List(list), [PathSegment::Index(index), rest @ ..]) => {
            let of_item = ty.and_then(|ty| match &ty.base {
                BaseType::List(item) => Some(&**item),
                BaseType::Named(_) => None,
            });
            list.get_mut(*index).is_some_and(|item| rise(item, plan, of_item, rest))
        }
        _ => false,
    };
    if inner_rose {
        *value = Value::Null;
    }
    *value == Value::Null && ty.is_some_and(|ty| !ty.nullable)
}
