//! Circles in a graph of names.

use std::collections::{BTreeMap, BTreeSet};

pub type Graph = BTreeMap<String, BTreeSet<String>>;

pub fn graph<'e>(edges: impl IntoIterator<Item = (&'e str, &'e str)>) -> Graph {
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph
            .entry(from.to_owned())
            .or_default()
            .insert(to.to_owned());
        graph.entry(to.to_owned()).or_default();
    }
    graph
}

/// The sets of nodes each of which reaches every other: the circles. Nodes on no circle are left out.
pub fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<String>> = graph
        .keys()
        .map(|node| (node, reach(graph, node)))
        .collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for node in graph.keys() {
        if circles.iter().any(|circle| circle.contains(node)) {
            continue;
        }
        let there = &reached[node];
        if there.contains(node) {
            let back = |other: &&String| reached[other].contains(node);
            circles.push(there.iter().filter(back).cloned().collect());
        }
    }
    circles
}

/// The nodes that can be reached from `start` in one step or more.
fn reach(graph: &Graph, start: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![start];
    while let Some(node) = next.pop() {
        for to in graph.get(node).into_iter().flatten() {
            if reached.insert(to.clone()) {
                next.push(to);
            }
        }
    }
    reached
}
