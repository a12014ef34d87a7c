//! What a stored answer is the answer to.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arc_swap::ArcSwap;
use contract::OperationId;
use grammar::PathSegment;
use moka::Equivalent;
use serde_json::Value;

/// Two requests of one key get one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    partition: Partition,
    /// Its id.
    operation: OperationId,
    parameters: Arc<str>,
}

/// A key to look for, whose texts lie elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRef<'k> {
    pub partition: Partition,
    /// The id of the operation.
    pub operation: &'k str,
    /// The parameters as [`part`] writes them.
    pub parameters: &'k str,
}

impl Key {
    /// As [`part`] writes them.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.partition.hash(state);
        self.operation.hash(state);
        self.parameters.hash(state);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_ref().hash(state);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.as_ref()
    }
}

/// Appends the name or the value of a parameter, with its length, so that no two lists of parts give one text.
pub fn part(text: &mut String, value: &str) {
    text.push_str(itoa::Buffer::new().format(value.len()));
    text.push(':');
    text.push_str(value);
}

/// Generation of the configuration, upstream and credential, as a number: nothing of one partition is ever
/// found from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Partition(u64);

impl Key {
    /// `operation` is its id; `path` and `query` are decoded and checked, so that one value has one
    /// spelling, and sorted by name.
    #[must_use]
    pub fn new(
        partition: Partition,
        operation: &OperationId,
        path: &BTreeMap<String, PathSegment>,
        query: &BTreeMap<String, Value>,
    ) -> Self {
        let mut text = String::with_capacity(64);
        for (name, value) in path {
            part(&mut text, name);
            part(&mut text, value);
        }
        for (name, value) in query {
            part(&mut text, name);
            part(&mut text, &value.to_string());
        }
        Self {
            partition,
            operation: operation.clone(),
            parameters: text.into(),
        }
    }

    fn as_ref(&self) -> KeyRef<'_> {
        KeyRef {
            partition: self.partition,
            operation: self.operation.as_str(),
            parameters: &self.parameters,
        }
    }

    /// Bytes on the heap, for the budget.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.parameters.len()
    }
}

/// Gives each generation, upstream and credential its number. Grows by a line for each reload or
/// rotation that changes one of them; read without a lock, since every cached read asks.
#[derive(Debug, Default)]
pub struct Partitions(ArcSwap<Vec<(Parts, Partition)>>);

type Parts = (u64, Arc<str>, [u8; 32]);

impl Partitions {
    /// `generation` is the configuration's, see [`super::fences`]; `identity` a digest of the credential.
    #[must_use]
    pub fn partition(&self, generation: u64, upstream: &Arc<str>, identity: [u8; 32]) -> Partition {
        // From the newest on: those of old configurations are asked for no more.
        let find = |partitions: &[(Parts, Partition)]| {
            let mut lines = partitions.iter().rev();
            let found = lines
                .find(|((of, at, by), _)| *by == identity && at == upstream && *of == generation);
            found.map(|(_, partition)| *partition)
        };
        if let Some(partition) = find(&self.0.load()) {
            return partition;
        }
        let mut partition = Partition(0);
        self.0.rcu(|partitions| {
            let mut partitions = Vec::clone(partitions);
            // Somebody else may have added it meanwhile.
            partition = find(&partitions).unwrap_or_else(|| {
                let next = Partition(partitions.len() as u64);
                partitions.push(((generation, upstream.clone(), identity), next));
                next
            });
            partitions
        });
        partition
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn partition(generation: u64, upstream: &str, identity: u8) -> Partition {
        static PARTITIONS: std::sync::LazyLock<Partitions> =
            std::sync::LazyLock::new(Partitions::default);
        PARTITIONS.partition(generation, &upstream.into(), [identity; 32])
    }

    fn key(partition: Partition, path: &[(&str, &str)], query: &[(&str, Value)]) -> Key {
        let path = path
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.parse().unwrap()));
        let query = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Key::new(
            partition,
            &OperationId::parse("getRoom").unwrap(),
            &path.collect(),
            &query.collect(),
        )
    }

    #[test]
    fn generation_upstream_and_credential_never_share() {
        let one = partition(1, "netex", 1);
        assert_eq!(one, partition(1, "netex", 1));
        for other in [
            partition(2, "netex", 1),
            partition(1, "other", 1),
            partition(1, "netex", 2),
        ] {
            assert_ne!(
                key(one, &[("id", "1")], &[]),
                key(other, &[("id", "1")], &[])
            );
        }
    }

    #[test]
    fn the_order_of_a_query_does_not_count_and_everything_else_does() {
        let partition = partition(1, "netex", 1);
        let (limit, cursor) = (("limit", json!(5)), ("cursor", json!(10)));
        assert_eq!(
            key(partition, &[], &[limit.clone(), cursor.clone()]),
            key(partition, &[], &[cursor.clone(), limit.clone()])
        );
        assert_ne!(
            key(partition, &[], std::slice::from_ref(&limit)),
            key(partition, &[], &[limit, cursor])
        );
        assert_ne!(
            key(partition, &[("a", "x")], &[]),
            key(partition, &[("a", "X")], &[])
        );
        assert_ne!(
            key(partition, &[("a", "x"), ("b", "y")], &[]),
            key(partition, &[("a", "x1:b1:y")], &[])
        );
        assert_ne!(
            key(partition, &[], &[("a", json!("1"))]),
            key(partition, &[], &[("a", json!(1))])
        );
        assert_ne!(
            Key::new(
                partition,
                &OperationId::parse("getRoom").unwrap(),
                &BTreeMap::new(),
                &BTreeMap::new()
            ),
            Key::new(
                partition,
                &OperationId::parse("getHall").unwrap(),
                &BTreeMap::new(),
                &BTreeMap::new()
            )
        );
    }
}
