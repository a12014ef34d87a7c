//! `query`: the vendor's query string.

use translate::{Field, XmlPlace};

use crate::operation::scope::Scope;
use crate::operation::value;
use crate::source::Node;
use crate::{QueryPair, Source};

/// Reads `query` of `x-upstream`. What cannot be read is reported and left out.
pub(crate) fn read<'a>(scope: &Scope<'_, 'a>, upstream: &Node<'a>) -> Vec<QueryPair> {
    let Some(query) = upstream.get("query").filter(|query| query.map().is_some()) else {
        return Vec::new();
    };
    let pair = |(name, node): (&'a str, Node<'a>)| {
        let sourced = value::read(scope, &node, name)?;
        if matches!(sourced.source, Source::Pointer(_)) {
            scope.body_sent.set(true);
        }
        let (shape, form) = sourced.in_query(&node)?;
        Some(QueryPair {
            field: Field {
                name: name.to_owned(),
                wire: name.to_owned(),
                required: sourced.certain,
                shape,
                wire_type: None,
                xml: XmlPlace::default(),
                form,
            },
            source: sourced.source,
        })
    };
    query.members().filter_map(pair).collect()
}
