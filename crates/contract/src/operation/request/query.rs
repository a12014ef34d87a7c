//! `query`: the vendor's query string.

use translate::{Encoding, Field, Kind, XmlPlace};

use crate::code::Code;
use crate::operation::scope::Scope;
use crate::operation::value_source::value_source;
use crate::plan::{Paging, QueryPair, RequestPlan, Source};
use crate::schema::representable::meets_map;
use crate::source::Node;

/// Reads `query` of `x-upstream`. What cannot be read is reported and left out.
pub(crate) fn query_pairs<'a>(scope: &Scope<'_, 'a>, upstream: &Node<'a>) -> Vec<QueryPair> {
    let Some(query) = upstream.get("query").filter(|query| query.map().is_some()) else {
        return Vec::new();
    };
    let pair = |(name, node): (&'a str, Node<'a>)| {
        let sourced = value_source(scope, &node, name)?;
        if matches!(sourced.source, Source::Pointer(_)) {
            scope.body_sent.set(true);
        }
        let (shape, form) = sourced.in_query(&node)?;
        Some(QueryPair {
            field: Field {
                name: name.into(),
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

/// Reports names that are one parameter at the vendor: of two pairs, of a pair and `paging`, and of a pair
/// and a field of the form, which servers read as one set of parameters.
pub(crate) fn check_names(
    upstream: &Node<'_>,
    pairs: &[QueryPair],
    paging: Option<&Paging>,
    request: Option<&RequestPlan>,
) {
    let Some(query) = upstream.get("query") else {
        return;
    };
    let form: &[Field] = match request {
        Some(request) if request.encoding == Encoding::Form => match &request.shape.kind {
            Kind::Object(object) => &object.fields,
            _ => &[],
        },
        _ => &[],
    };
    for (index, pair) in pairs.iter().enumerate() {
        let field = &pair.field;
        let others = pairs.get(index + 1..).unwrap_or_default();
        let other = others.iter().map(|other| (&other.field, "`query`"));
        let in_form = form.iter().map(|field| (field, "the form"));
        let met = other.chain(in_form).find(|(other, _)| meet(field, other));
        let paged = paging
            .into_iter()
            .flat_map(|paging| [&paging.start, &paging.count]);
        let own = paged
            .map(String::as_str)
            .find(|name| is_map(field) && meets_map(&field.wire, name));
        let (name, place) = match (met, own) {
            (Some((other, place)), _) => (other.wire.as_str(), place),
            (None, Some(name)) => (name, "`paging`"),
            (None, None) => continue,
        };
        let node = query.get(&field.wire).unwrap_or(query.clone());
        node.key().report_help(
            Code::DuplicateWireName,
            format!(
                "`{name}` of {place} and `{}` are one parameter at the vendor",
                field.wire
            ),
            "send it at one place: which of the two counts is the vendor's choice",
        );
    }
}

fn meet(one: &Field, other: &Field) -> bool {
    one.wire == other.wire
        || is_map(one) && meets_map(&one.wire, &other.wire)
        || is_map(other) && meets_map(&other.wire, &one.wire)
}

fn is_map(field: &Field) -> bool {
    matches!(field.shape.kind, Kind::Map(_))
}
