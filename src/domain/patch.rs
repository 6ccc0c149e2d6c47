//! Changes by RFC 7396, JSON Merge Patch: the one way in which `PATCH` changes anything.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};

use super::{
    fields,
    rejection::{Code, Rejection},
};
use crate::locales::Message;

/// The members of a `T` that change: each takes the place of the one that is there, null takes it away, an object
/// changes the members of the one that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch<T> {
    members: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

impl<T> Default for Patch<T> {
    fn default() -> Self {
        Self { members: Map::new(), of: PhantomData }
    }
}

impl<'de, T> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { members: Map::deserialize(deserializer)?, of: PhantomData })
    }
}

impl<T> Patch<T> {
    /// This patch, which also sets a member to `value`.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// This patch without some members.
    #[must_use]
    pub fn without(mut self, members: &[&str]) -> Self {
        self.members.retain(|member, _| !members.contains(&member.as_str()));
        self
    }

    /// The value of a member, if it changes.
    pub fn get(&self, member: &str) -> Option<&Value> {
        self.members.get(member)
    }

    /// The members that change.
    pub fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.members.iter()
    }

    /// Whether any of the members changes.
    pub fn names(&self, members: &[&str]) -> bool {
        members.iter().any(|member| self.members.contains_key(*member))
    }
}

impl<T: DeserializeOwned> Patch<T> {
    /// Applies the changes to `current`, which has the members of a `T`.
    pub fn applied(&self, current: &impl Serialize) -> Result<T, Rejection> {
        // Once it is taken away nobody sees that it was unknown.
        for removal in removals(&self.members) {
            if let Err(rejection) = fields::read::<T>(removal)
                && rejection.code == Code::UnknownField
            {
                return Err(rejection);
            }
        }
        let mut whole = serde_json::to_value(current).expect("what is changed is plain data");
        let patch = Value::Object(self.members.clone());
        merge(&mut whole, &patch);
        fields::read(whole).map_err(|rejection| match patch.pointer(&rejection.pointer) {
            Some(Value::Null) if rejection.code == Code::MissingField => {
                let name = rejection.pointer.rsplit('/').next().unwrap_or_default().to_owned();
                let detail = Message::new("field-not-removable").arg("name", name);
                Rejection::new(Code::InvalidField, rejection.pointer, detail)
            }
            _ => rejection,
        })
    }
}

/// Each of the nulls in an object, alone at its place.
fn removals(members: &Map<String, Value>) -> Vec<Value> {
    let at = |(name, value): (&String, &Value)| match value {
        Value::Null => vec![json!({name: null})],
        Value::Object(members) => removals(members).into_iter().map(|inner| json!({name: inner})).collect(),
        _ => Vec::new(),
    };
    members.iter().flat_map(at).collect()
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let members = target.as_object_mut().expect("it was made one");
    for (name, value) in patch {
        if value.is_null() {
            members.shift_remove(name);
        } else {
            merge(members.entry(name.as_str()).or_insert(Value::Null), value);
        }
    }
}

/// The documentation of `T` with nothing that must be there, and null for what may be taken away.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        of_patch(&T::schema())
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        name_of_patch(&T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let mut inner = Vec::new();
        T::schemas(&mut inner);
        let patches = inner.iter().filter(|(name, _)| is_input(name));
        schemas.extend(patches.map(|(name, schema)| (name_of_patch(name), of_patch(schema))));
        schemas.extend(inner);
    }
}

fn is_input(name: &str) -> bool {
    name.ends_with("Input")
}

fn name_of_patch(name: &str) -> String {
    format!("{}Patch", name.trim_end_matches("Input"))
}

fn of_patch(schema: &RefOr<Schema>) -> RefOr<Schema> {
    let mut schema = serde_json::to_value(schema).expect("schemas are plain data");
    let required =
        schema.as_object_mut().and_then(|schema| schema.shift_remove("required")).unwrap_or_default();
    let is_required = |name: &String| required.as_array().is_some_and(|names| names.contains(&json!(name)));
    schema["description"] = "The members that change: what is left out stays, null takes away.".into();
    for (name, member) in schema["properties"].as_object_mut().into_iter().flatten() {
        let member = member.as_object_mut().expect("a member has a schema");
        let references = member.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
        for reference in references.filter_map(|one| one.get_mut("$ref")) {
            let target = reference.as_str().unwrap_or_default();
            if is_input(target) {
                *reference = name_of_patch(target).into();
            }
        }
        if is_required(name) {
            continue;
        }
        match member.get_mut("type") {
            Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push(json!("null")),
            Some(one @ Value::String(_)) => *one = json!([one.take(), "null"]),
            Some(_) => {}
            None => {
                if let Some(target) = member.shift_remove("$ref") {
                    member.insert("oneOf".to_owned(), json!([{"type": "null"}, {"$ref": target}]));
                }
            }
        }
    }
    serde_json::from_value(schema).expect("it is a schema still")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Cases of RFC 7396, appendix A.
    #[rstest]
    #[case(json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"}))]
    #[case(json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"}))]
    #[case(json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"}))]
    #[case(json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"}))]
    #[case(json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]}))]
    #[case(json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}}))]
    #[case(json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]}))]
    #[case(json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1}))]
    #[case(json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"}))]
    #[case(json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}}))]
    fn patches_are_merged(#[case] mut object: Value, #[case] patch: Value, #[case] expected: Value) {
        merge(&mut object, &patch);
        assert_eq!(object, expected);
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        must: String,
        #[serde(default)]
        may: Option<u8>,
        #[serde(default)]
        list: Vec<u8>,
        #[serde(default)]
        inner: Option<Box<Self>>,
    }

    #[rstest]
    #[case(json!({}), Ok(()))]
    #[case(json!({"may": null, "list": null}), Ok(()))]
    #[case(json!({"inner": {"may": null}}), Ok(()))]
    #[case(json!({"inner": {"list": [1]}}), Ok(()))]
    #[case(json!({"must": null}), Err((Code::InvalidField, "/must")))]
    #[case(json!({"inner": {"must": null}}), Err((Code::InvalidField, "/inner/must")))]
    #[case(json!({"must": 5}), Err((Code::InvalidField, "/must")))]
    #[case(json!({"other": 5}), Err((Code::UnknownField, "/other")))]
    #[case(json!({"other": null}), Err((Code::UnknownField, "/other")))]
    #[case(json!({"inner": {"other": null}}), Err((Code::UnknownField, "/inner/other")))]
    #[case(json!({"inner": null, "may": "5"}), Err((Code::InvalidField, "/may")))]
    fn what_cannot_be_changed_so_names_its_member(
        #[case] patch: Value,
        #[case] expected: Result<(), (Code, &str)>,
    ) {
        let inner = json!({"must": "a", "may": 1, "list": [], "inner": null});
        let current = json!({"must": "a", "may": 1, "list": [1], "inner": inner});
        let patch: Patch<Sample> = serde_json::from_value(patch).unwrap();
        let applied = patch.applied(&current).map(drop);
        let applied = applied.as_ref().map_err(|rejection| (rejection.code, &*rejection.pointer));
        assert_eq!(applied, expected.as_ref().map_err(|expected| *expected));
    }
}
