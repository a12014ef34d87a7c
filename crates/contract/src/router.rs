//! Routing on raw path segments: decoded once, after the route is known.

use crate::OperationIndex;

/// A trie over literal and parameter segments; at each segment a literal beats a parameter.
#[derive(Debug, Default)]
pub struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: Vec<(String, Node)>,
    parameter: Option<Box<Node>>,
    methods: Vec<Method>,
}

#[derive(Debug)]
struct Method {
    name: String,
    operation: OperationIndex,
    /// Parameter names in path order: two methods of one route may name them differently.
    parameters: Vec<String>,
}

/// What a path leads to.
#[derive(Debug)]
pub struct Route<'r> {
    methods: &'r [Method],
    segments: Vec<String>,
}

impl Router {
    /// Adds a template such as `/v1/rooms/{id}`. Returns the operation that already holds the
    /// method on an equal route, if there is one.
    pub fn add(
        &mut self,
        method: &str,
        template: &str,
        operation: OperationIndex,
    ) -> Result<(), OperationIndex> {
        let mut node = &mut self.root;
        let mut parameters = Vec::new();
        for segment in segments(template) {
            if let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                parameters.push(name.to_owned());
                node = node.parameter.get_or_insert_default();
            } else {
                let found = node.literals.iter().position(|(name, _)| name == segment);
                let index = found.unwrap_or(node.literals.len());
                if found.is_none() {
                    node.literals.push((segment.to_owned(), Node::default()));
                }
                node = &mut node.literals[index].1;
            }
        }
        if let Some(taken) = node.methods.iter().find(|entry| entry.name == method) {
            return Err(taken.operation);
        }
        node.methods.push(Method {
            name: method.to_owned(),
            operation,
            parameters,
        });
        Ok(())
    }

    /// Finds the route of a raw (still percent-encoded) path, without query.
    #[must_use]
    pub fn find(&self, raw_path: &str) -> Option<Route<'_>> {
        let parts: Vec<&str> = segments(raw_path).collect();
        let mut captured = Vec::new();
        let methods = descend(&self.root, &parts, &mut captured)?;
        Some(Route {
            methods,
            segments: captured.into_iter().map(str::to_owned).collect(),
        })
    }
}

impl Route<'_> {
    /// The operation of a method and its raw path parameters, by name.
    #[must_use]
    pub fn operation(&self, method: &str) -> Option<(OperationIndex, Vec<(&str, &str)>)> {
        let entry = self.methods.iter().find(|entry| entry.name == method)?;
        let names = entry.parameters.iter().map(String::as_str);
        let values = self.segments.iter().map(String::as_str);
        Some((entry.operation, names.zip(values).collect()))
    }

    /// The methods that the route has, in the order of the contract.
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.methods.iter().map(|entry| entry.name.as_str())
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// Depth is bounded by the longest template of the contract, not by the path.
fn descend<'n, 'p>(
    node: &'n Node,
    parts: &[&'p str],
    captured: &mut Vec<&'p str>,
) -> Option<&'n [Method]> {
    let Some((first, rest)) = parts.split_first() else {
        return (!node.methods.is_empty()).then_some(node.methods.as_slice());
    };
    let literal = node.literals.iter().find(|(name, _)| name == first);
    if let Some((_, child)) = literal
        && let Some(found) = descend(child, rest, captured)
    {
        return Some(found);
    }
    let child = node.parameter.as_deref()?;
    captured.push(first);
    let found = descend(child, rest, captured);
    if found.is_none() {
        captured.pop();
    }
    found
}
