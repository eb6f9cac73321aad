//! The failures of an instance, without those that depend on unknown values.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::instance::Instance;
use super::schemas::{NodeId, Part, Schemas};
use super::words::{Words, forbidden_field, keyword_of, of_kind};
use crate::text::placeholder::{ValueState, value_state};
use crate::text::pointer::{escape, parts};

/// A failure of an instance, at one pointer.
#[derive(Debug)]
pub(super) struct Failure {
    pub pointer: String,
    pub mark: Mark,
    pub words: Words,
    /// The pointer of the cause, if it is inside the value, and a short text.
    pub reason: Option<(String, Mark, String)>,
    /// The number of allowed items, if there are more.
    pub limit: Option<usize>,
}

/// The span to mark at a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The value; if it does not exist, the key of its parent.
    Value,
    Key,
}

/// An instance, and its policy.
pub(super) struct Evaluation<'e> {
    pub schemas: &'e Schemas,
    pub instance: &'e Instance,
    /// The name of a field at a pointer in messages.
    pub name: &'e dyn Fn(&str) -> String,
    /// Whether a missing field may be set elsewhere.
    pub may_be_elsewhere: &'e dyn Fn(&str) -> bool,
}

impl Evaluation<'_> {
    pub fn failures(&self, validator: &Validator) -> Vec<Failure> {
        if validator.is_valid(&self.instance.value) {
            return Vec::new();
        }
        validator.iter_errors(&self.instance.value).flat_map(|error| self.failure(&error)).collect()
    }

    /// The failures of an error; none if it depends on an unknown value.
    fn failure(&self, error: &ValidationError) -> Vec<Failure> {
        let pointer = error.instance_path().as_str();
        if self.instance.is_unknown(pointer) || self.is_conditional(error) {
            return Vec::new();
        }
        let keyword = keyword_of(error.schema_path().as_str());
        let words = |name: &str| of_kind(error.kind(), keyword, name);
        let inside = |key: &str| format!("{pointer}/{}", escape(key));
        let of_key = |key: &String| {
            let pointer = inside(key);
            // The name of a field may be a template, too.
            let is_known = value_state(key, false) == ValueState::Known;
            is_known.then(|| Failure::at_key(&pointer, words(&(self.name)(&pointer))))
        };
        match error.kind() {
            Kind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                let pointer = inside(property);
                if (self.may_be_elsewhere)(&pointer) {
                    return Vec::new();
                }
                let name = (self.name)(&pointer);
                let label = format!("missing `{}`", name.trim_matches('`').rsplit('.').next().unwrap_or_default());
                let mut words = Words::new(format!("missing field {name}"), &label);
                if let Some(by) = self.trigger(error, property) {
                    words.help = Some(format!("add it; {} requires it", (self.name)(&inside(&by))));
                }
                vec![Failure::at(&pointer, words)]
            }
            Kind::AdditionalProperties { unexpected } => unexpected.iter().filter_map(of_key).collect(),
            Kind::UnevaluatedProperties { unexpected } => {
                if self.depends(error, "") {
                    Vec::new()
                } else {
                    unexpected.iter().filter_map(of_key).collect()
                }
            }
            Kind::UnevaluatedItems { .. } if self.depends(error, "") => Vec::new(),
            Kind::PropertyNames { error: inner } => {
                let key = inner.instance().as_str().unwrap_or_default().to_owned();
                of_key(&key).into_iter().collect()
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.none_of(pointer, context, words),
            Kind::OneOfMultipleValid { .. } if self.depends(error, "oneOf") => Vec::new(),
            Kind::Not { .. } if self.depends(error, "not") => Vec::new(),
            Kind::Not { schema } => match forbidden_field(schema) {
                Some(field) => {
                    let pointer = inside(field);
                    let words = Words::new(format!("{} is not allowed", (self.name)(&pointer)), "not allowed here");
                    vec![Failure::at_key(&pointer, words)]
                }
                None => vec![Failure::at(pointer, words(&(self.name)(pointer)))],
            },
            Kind::Contains if self.depends(error, "contains") => Vec::new(),
            Kind::UniqueItems if !self.has_known_twins(pointer) => Vec::new(),
            Kind::Constant { .. } | Kind::Enum { .. } if self.instance.has_unknown(pointer) => Vec::new(),
            Kind::FalseSchema => vec![Failure::at_key(pointer, words(&(self.name)(pointer)))],
            Kind::MaxItems { limit } => {
                let limit = usize::try_from(*limit).ok();
                vec![Failure { limit, ..Failure::at(pointer, words(&(self.name)(pointer))) }]
            }
            _ => vec![Failure::at(pointer, words(&(self.name)(pointer)))],
        }
    }

    /// One failure if none of several alternatives matches, with the reason of the nearest one.
    fn none_of(
        &self,
        pointer: &str,
        context: &[Vec<ValidationError<'static>>],
        words: impl Fn(&str) -> Words,
    ) -> Vec<Failure> {
        let mut best: Option<Vec<Failure>> = None;
        for branch in context {
            let failures = branch.iter().flat_map(|error| self.failure(error)).collect::<Vec<_>>();
            // All failures depend on unknown values, so the alternative may match.
            if failures.is_empty() {
                return Vec::new();
            }
            let depth = |failures: &[Failure]| {
                failures.iter().map(|failure| failure.pointer.matches('/').count()).max().unwrap_or(0)
            };
            let rank = |failures: &[Failure]| (std::cmp::Reverse(failures.len()), depth(failures));
            if best.as_ref().is_none_or(|best| rank(&failures) > rank(best)) {
                best = Some(failures);
            }
        }
        let mut failure = Failure::at(pointer, words(&(self.name)(pointer)));
        if let Some(first) = best.and_then(|failures| failures.into_iter().next()) {
            failure.words.help = Some(format!("match one alternative; the nearest: {}", first.words.message));
            let (at, mark, label) = first.reason.unwrap_or((first.pointer, first.mark, first.words.label));
            failure.reason = (at != pointer).then_some((at, mark, label));
        }
        vec![failure]
    }

    /// The field whose presence requires another one.
    fn trigger(&self, error: &ValidationError, property: &str) -> Option<String> {
        let is_dependent = |token: &str| matches!(token, "dependentRequired" | "dependencies");
        let keyword = parts(error.schema_path().as_str()).filter(|token| is_dependent(token)).last()?.to_owned();
        let node = self.follow(error, &mut |_, _, _| {})?;
        let required = self.schemas.value_of(node)?.get(&keyword)?.as_object()?;
        let here = self.instance.value.pointer(error.instance_path().as_str())?;
        let names = |all: &Value| all.as_array().is_some_and(|all| all.iter().any(|one| one == property));
        required.iter().find(|(field, all)| here.get(field).is_some() && names(all)).map(|(field, _)| field.clone())
    }

    fn has_known_twins(&self, pointer: &str) -> bool {
        let items = self.instance.value.pointer(pointer).and_then(Value::as_array);
        let known = items.into_iter().flatten().enumerate();
        let known = known.filter(|(index, _)| !self.instance.has_unknown(&format!("{pointer}/{index}")));
        let known = known.map(|(_, item)| item).collect::<Vec<_>>();
        self.instance.unknown.is_empty() || known.iter().enumerate().any(|(at, item)| known[at + 1..].contains(item))
    }

    /// Whether an error applies only because of a condition that depends on an unknown value.
    fn is_conditional(&self, error: &ValidationError) -> bool {
        if self.instance.unknown.is_empty() {
            return false;
        }
        let path = error.evaluation_path().as_str();
        if !path.split('/').any(|token| matches!(token, "then" | "else")) {
            return false;
        }
        let mut is_unsure = false;
        let found = self.follow(error, &mut |node, rest, at| {
            if matches!(rest.first(), Some(&("then" | "else"))) {
                let condition = self.schemas.step(node, &["if"]);
                is_unsure |= condition.is_none_or(|(condition, _)| self.touches(condition, at));
            }
        });
        is_unsure || found.is_none()
    }

    /// Whether a failing keyword of the schema depends on an unknown value; `""` for all its keywords.
    fn depends(&self, error: &ValidationError, keyword: &str) -> bool {
        if self.instance.unknown.is_empty() {
            return false;
        }
        let pointer = error.instance_path().as_str();
        let Some(node) = self.follow(error, &mut |_, _, _| {}) else { return self.instance.has_unknown(pointer) };
        match keyword {
            "" => self.touches(node, pointer),
            "oneOf" => {
                let count =
                    self.schemas.value_of(node).and_then(|node| node.get(keyword)?.as_array()).map_or(0, Vec::len);
                let branch = |index: usize| self.schemas.step(node, &[keyword, &index.to_string()]);
                (0..count).any(|index| branch(index).is_none_or(|(branch, _)| self.touches(branch, pointer)))
            }
            "contains" => {
                let items = self.instance.value.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
                let inner = self.schemas.step(node, &[keyword]);
                inner
                    .is_none_or(|(inner, _)| (0..items).any(|index| self.touches(inner, &format!("{pointer}/{index}"))))
            }
            keyword => self.schemas.step(node, &[keyword]).is_none_or(|(inner, _)| self.touches(inner, pointer)),
        }
    }

    /// The schema of the keyword that failed. On the path to it, `visit` gets each schema with the remaining tokens
    /// and the pointer of its value.
    fn follow(&self, error: &ValidationError, visit: &mut dyn FnMut(NodeId, &[&str], &str)) -> Option<NodeId> {
        let path = error.evaluation_path().as_str().to_owned();
        let tokens = parts(&path).collect::<Vec<_>>();
        let pointer = error.instance_path().as_str().to_owned();
        let places = parts(&pointer).collect::<Vec<_>>();
        let (mut node, mut at, mut depth) = (0, 0, 0);
        let place = |depth: usize| places[..depth].iter().fold(String::new(), |place, part| place + "/" + part);
        while at < tokens.len() {
            visit(node, &tokens[at..], &place(depth));
            // The last token is the keyword that failed, even if a schema follows it.
            let inner = self.schemas.step(node, &tokens[at..]).filter(|(_, count)| at + count < tokens.len());
            let Some((inner, count)) = inner else { break };
            if self.schemas.nodes[node]
                .parts
                .iter()
                .any(|(part, part_node)| *part_node == inner && *part != Part::Names)
            {
                depth = (depth + 1).min(places.len());
            }
            (node, at) = (inner, at + count);
        }
        // The remaining tokens are the keyword, and perhaps an index or a name in it.
        (at < tokens.len() && tokens.len() - at <= 2 && depth == places.len()).then_some(node)
    }

    /// Whether the result of a schema may depend on an unknown value at or below a pointer.
    fn touches(&self, node: NodeId, pointer: &str) -> bool {
        let schema = &self.schemas.nodes[node];
        if !self.instance.has_unknown(pointer) {
            return false;
        }
        if self.instance.is_unknown(pointer) && (schema.asserts || !schema.parts.is_empty()) {
            return true;
        }
        if schema.compares || schema.same.iter().any(|inner| self.touches(*inner, pointer)) {
            return true;
        }
        let value = self.instance.value.pointer(pointer);
        let keys = match value {
            Some(Value::Object(object)) => object.keys().map(|key| escape(key).into_owned()).collect::<Vec<_>>(),
            Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => return false,
        };
        schema.parts.iter().any(|(part, inner)| match part {
            Part::Field(name) => self.touches(*inner, &format!("{pointer}/{}", escape(name))),
            Part::Any => keys.iter().any(|key| self.touches(*inner, &format!("{pointer}/{key}"))),
            Part::Names => false,
        })
    }
}

impl Failure {
    fn at(pointer: &str, words: Words) -> Self {
        let pointer = pointer.to_owned();
        Self { pointer, mark: Mark::Value, words, reason: None, limit: None }
    }

    fn at_key(pointer: &str, words: Words) -> Self {
        Self { mark: Mark::Key, ..Self::at(pointer, words) }
    }
}
