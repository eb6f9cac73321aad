//! Limits for policies, so that no policy can make a run hang.
//!
//! Patterns match in linear time. So the remaining risk is schemas that refer to each other: endlessly, or so often
//! that the number of paths through them doubles with each schema.

use super::PolicyError;
use super::engine;
use super::schemas::{NodeId, Part, Schemas};
use super::words::of_pattern_error;

/// The levels of an instance that policies check. A connection has four, and a file two more.
pub(super) const DEEPEST_INSTANCE: usize = 8;
/// Maximum number of nested schemas for one value.
const DEEPEST_CHAIN: usize = 64;
/// Maximum number of nested schemas.
const DEEPEST: usize = 160;
/// Maximum number of schemas that are tried along one path into the instance.
const MOST_TRIES: u64 = 50_000;

/// Checks the regular expressions, the references and the size of a policy.
pub(super) fn check(schemas: &Schemas) -> Result<(), PolicyError> {
    for (node, below, pattern) in schemas.patterns() {
        if engine::is_broken(pattern) {
            return Err(schemas.error_at(node, &below, of_pattern_error(pattern)));
        }
    }
    let mut depths = vec![Depth::New; schemas.nodes.len()];
    for node in 0..schemas.nodes.len() {
        chain(schemas, node, 0, &mut depths)?;
    }
    nesting(schemas, 0, 0, &mut vec![Depth::New; schemas.nodes.len()])?;
    let mut tries = vec![[None; DEEPEST_INSTANCE + 1]; schemas.nodes.len()];
    if cost(schemas, 0, DEEPEST_INSTANCE, &mut tries) > MOST_TRIES {
        return Err(schemas.error_at(0, "", "the schemas of this policy refer to each other too often"));
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Depth {
    New,
    Open,
    Known(usize),
}

/// The number of nested schemas for one value.
fn chain(schemas: &Schemas, node: NodeId, above: usize, depths: &mut [Depth]) -> Result<usize, PolicyError> {
    match depths[node] {
        Depth::Known(depth) => return Ok(depth),
        Depth::Open => return Err(schemas.error_at(node, "", "this schema refers to itself for the same value")),
        Depth::New => {}
    }
    depths[node] = Depth::Open;
    let mut depth = 0;
    for &inner in &schemas.nodes[node].same {
        let inner = if above < 2 * DEEPEST_CHAIN { chain(schemas, inner, above + 1, depths)? } else { DEEPEST_CHAIN };
        depth = depth.max(inner + 1);
    }
    depths[node] = Depth::Known(depth);
    if depth > DEEPEST_CHAIN {
        return Err(schemas.error_at(node, "", format!("more than {DEEPEST_CHAIN} schemas refer to each other here")));
    }
    Ok(depth)
}

/// The number of nested schemas, as the engine compiles them.
fn nesting(schemas: &Schemas, node: NodeId, above: usize, depths: &mut [Depth]) -> Result<usize, PolicyError> {
    match depths[node] {
        Depth::Known(depth) => return Ok(depth),
        // The engine compiles each schema only once.
        Depth::Open => return Ok(0),
        Depth::New => {}
    }
    let too_deep =
        || schemas.error_at(node, "", format!("the schemas of this policy are nested deeper than {DEEPEST}"));
    if above > DEEPEST {
        return Err(too_deep());
    }
    depths[node] = Depth::Open;
    let Inside { same, parts } = Inside::of(schemas, node);
    let mut depth = 0;
    for inner in same.iter().copied().chain(parts.iter().map(|(_, inner)| *inner)) {
        depth = depth.max(nesting(schemas, inner, above + 1, depths)? + 1);
    }
    depths[node] = Depth::Known(depth);
    if above + depth > DEEPEST { Err(too_deep()) } else { Ok(depth) }
}

/// The schemas in a schema.
struct Inside<'s> {
    same: &'s [NodeId],
    parts: &'s [(Part, NodeId)],
}

impl<'s> Inside<'s> {
    fn of(schemas: &'s Schemas, node: NodeId) -> Self {
        let node = &schemas.nodes[node];
        Self { same: &node.same, parts: &node.parts }
    }
}

/// The number of schemas that are tried along the costliest path into an instance of this depth.
fn cost(schemas: &Schemas, node: NodeId, levels: usize, tries: &mut [[Option<u64>; DEEPEST_INSTANCE + 1]]) -> u64 {
    if let Some(known) = tries[node][levels] {
        return known;
    }
    let Inside { same, parts } = Inside::of(schemas, node);
    let mut sum = 1_u64;
    for &inner in same {
        sum = sum.saturating_add(cost(schemas, inner, levels, tries));
    }
    if levels > 0 {
        // Different fields are on different paths.
        let mut of_field = 0;
        for (part, inner) in parts {
            let inner = cost(schemas, *inner, levels - 1, tries);
            match part {
                Part::Field(_) => of_field = inner.max(of_field),
                Part::Any | Part::Names => sum = sum.saturating_add(inner),
            }
        }
        sum = sum.saturating_add(of_field);
    }
    tries[node][levels] = Some(sum);
    sum
}
