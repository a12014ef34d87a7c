//! Routing on raw path segments: decoded once, after the route is known.

use std::borrow::Cow;

use http::Method;

use super::index::OperationIndex;
use super::path::placeholder;

/// A trie over literal and parameter segments; at each segment a literal beats a parameter.
#[derive(Debug, Default)]
pub struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: Vec<(String, Node)>,
    parameter: Option<Box<Node>>,
    methods: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    method: Method,
    operation: OperationIndex,
    /// Parameter names in path order: two methods of one route may name them differently.
    parameters: Vec<String>,
}

/// The normal spelling of a raw path (RFC 3986 §6.2.2.1 and .2): escapes have upper-case digits, and what
/// needs no escape has none. An escaped slash stays one, so that segments stay what they are; dot
/// segments are not resolved, and what is escaped twice is not unescaped twice. A path with a broken
/// escape stays as it is, lest it be fixed: whoever decodes it refuses it.
#[must_use]
pub fn normal_path(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut normal = String::with_capacity(path.len());
    let mut pieces = path.split('%');
    normal.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (Some(byte), Some(rest)) = (escaped(piece), piece.get(2..)) else {
            return Cow::Borrowed(path);
        };
        if is_unreserved(byte) {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
        normal.push_str(rest);
    }
    if normal == path {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(normal)
    }
}

/// Whether a raw segment is a spelling of a text without escapes, character by character: needless
/// escapes count for what they stand for.
fn spells(segment: &str, text: &str) -> bool {
    if segment == text {
        return true;
    }
    if !segment.contains('%') {
        return false;
    }
    let mut left = segment;
    for wanted in text.bytes() {
        left = match left.strip_prefix('%') {
            Some(rest) if is_unreserved(wanted) && escaped(rest) == Some(wanted) => {
                rest.get(2..).unwrap_or_default()
            }
            None if left.as_bytes().first() == Some(&wanted) => left.get(1..).unwrap_or_default(),
            _ => return false,
        };
    }
    left.is_empty()
}

/// The byte of two hexadecimal digits at the start of a text.
fn escaped(text: &str) -> Option<u8> {
    let digit = |at: usize| char::from(*text.as_bytes().get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// RFC 3986 §2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// What a path leads to.
#[derive(Debug)]
pub struct Route<'r> {
    methods: &'r [Entry],
    /// What stands in place of the parameters.
    segments: Vec<&'r str>,
}

impl Router {
    /// Adds a template such as `/v1/books/{isbn}`. Returns the operation that already holds the
    /// method on an equal route, if there is one.
    pub fn add(
        &mut self,
        method: &Method,
        template: &str,
        operation: OperationIndex,
    ) -> Result<(), OperationIndex> {
        let mut node = &mut self.root;
        let mut parameters = Vec::new();
        for segment in segments(template) {
            if let Some(name) = placeholder(segment) {
                parameters.push(name.to_owned());
                node = node.parameter.get_or_insert_default();
            } else {
                let found = node.literals.iter().position(|(name, _)| name == segment);
                let index = found.unwrap_or(node.literals.len());
                if found.is_none() {
                    node.literals.push((segment.to_owned(), Node::default()));
                }
                // The index was found, or is that of the entry pushed above.
                node = &mut node.literals[index].1;
            }
        }
        if let Some(taken) = node.methods.iter().find(|entry| entry.method == *method) {
            return Err(taken.operation);
        }
        node.methods.push(Entry {
            method: method.clone(),
            operation,
            parameters,
        });
        Ok(())
    }

    /// The operation of a GET, and its raw path parameters in path order, for a path without escapes. `None`
    /// also where it would have more parameters than most have.
    #[must_use]
    pub fn read<'r>(&'r self, path: &'r str) -> Option<(OperationIndex, Captured<'r>)> {
        let mut captured = Captured::default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let methods = descend(&self.root, Some(path), &mut captured)?;
        let entry = methods.iter().find(|entry| entry.method == Method::GET)?;
        (captured.count <= Captured::FEW).then_some((entry.operation, captured))
    }

    /// Finds the route of a raw (still percent-encoded) path, without query. A literal is met in each
    /// equivalent spelling ([`normal_path`]); the contract's own hold no escapes.
    #[must_use]
    pub fn find<'r>(&'r self, raw_path: &'r str) -> Option<Route<'r>> {
        let mut segments = Vec::new();
        let path = raw_path.strip_prefix('/').unwrap_or(raw_path);
        let methods = descend(&self.root, Some(path), &mut segments)?;
        Some(Route { methods, segments })
    }
}

impl<'r> Route<'r> {
    /// The operation of a method and its raw path parameters, by name.
    #[must_use]
    pub fn operation(&self, method: &Method) -> Option<(OperationIndex, Vec<(&'r str, &'r str)>)> {
        let entry = self.methods.iter().find(|entry| entry.method == *method)?;
        let names = entry.parameters.iter().map(String::as_str);
        let values = self.segments.iter().copied();
        Some((entry.operation, names.zip(values).collect()))
    }

    /// The methods that the route has, in the order of the contract.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.methods.iter().map(|entry| &entry.method)
    }
}

/// What stands in place of the parameters of a path, without room on the heap.
#[derive(Debug, Default)]
pub struct Captured<'r> {
    few: [&'r str; Captured::FEW],
    /// Also of those that found no room.
    count: usize,
}

impl<'r> Captured<'r> {
    const FEW: usize = 4;

    /// The values in path order.
    #[must_use]
    pub fn values(&self) -> &[&'r str] {
        self.few.get(..self.count).unwrap_or_default()
    }
}

/// Where a search puts what stands in place of the parameters.
trait Capture<'r> {
    fn push(&mut self, segment: &'r str);
    /// Takes the last one back.
    fn pop(&mut self);
}

impl<'r> Capture<'r> for Vec<&'r str> {
    fn push(&mut self, segment: &'r str) {
        self.push(segment);
    }

    fn pop(&mut self) {
        self.pop();
    }
}

impl<'r> Capture<'r> for Captured<'r> {
    fn push(&mut self, segment: &'r str) {
        if let Some(place) = self.few.get_mut(self.count) {
            *place = segment;
        }
        self.count += 1;
    }

    fn pop(&mut self) {
        self.count = self.count.saturating_sub(1);
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// `path` is what is left of it, `None` behind its last segment. Depth is bounded by the longest
/// template of the contract, not by the path.
fn descend<'r>(
    node: &'r Node,
    path: Option<&'r str>,
    captured: &mut impl Capture<'r>,
) -> Option<&'r [Entry]> {
    let Some(path) = path else {
        return (!node.methods.is_empty()).then_some(node.methods.as_slice());
    };
    let (first, rest) = match path.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let literal = node.literals.iter().find(|(name, _)| spells(first, name));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[(&str, &str)]) -> Router {
        let mut router = Router::default();
        for (index, (method, template)) in routes.iter().enumerate() {
            router
                .add(&method.parse().unwrap(), template, OperationIndex(index))
                .unwrap();
        }
        router
    }

    fn found(router: &Router, method: &str, path: &str) -> Option<(usize, Vec<String>)> {
        let route = router.find(path)?;
        let (operation, parameters) = route.operation(&method.parse().unwrap())?;
        let parameters = parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        Some((operation.0, parameters.collect()))
    }

    #[test]
    fn a_read_is_found_as_by_the_whole_search() {
        let router = router(&[
            ("GET", "/v1/rooms/{id}"),
            ("POST", "/v1/rooms"),
            ("GET", "/v1/rooms/{id}/days/{day}"),
            ("GET", "/v1/rooms/all/days"),
            ("GET", "/{a}/{b}/{c}/{d}/{e}"),
        ]);
        for path in [
            "/v1/rooms/7",
            "/v1/rooms",
            "/v1/rooms/all/days",
            "/v1/rooms/all/days/3",
            "/v1/rooms/7/days",
            "/v1/x",
            "",
            "//",
        ] {
            let read = router.read(path).map(|(index, captured)| {
                let values = captured.values().iter();
                (index, values.map(|value| (*value).to_owned()).collect())
            });
            let whole: Option<(OperationIndex, Vec<String>)> = router
                .find(path)
                .and_then(|route| route.operation(&Method::GET))
                .map(|(index, named)| {
                    (index, named.iter().map(|(_, v)| (*v).to_owned()).collect())
                });
            assert_eq!(read, whole, "{path}");
        }
        assert!(router.read("/1/2/3/4/5").is_none(), "too many for it");
    }

    #[test]
    fn a_literal_beats_a_parameter_whatever_comes_first() {
        let router = router(&[
            ("GET", "/v1/rooms/{id}"),
            ("GET", "/v1/rooms/all"),
            ("GET", "/v1/rooms/by-external-id/{external_id}"),
        ]);
        assert_eq!(found(&router, "GET", "/v1/rooms/all"), Some((1, vec![])));
        assert_eq!(
            found(&router, "GET", "/v1/rooms/alle"),
            Some((0, vec!["id=alle".to_owned()]))
        );
        let by = Some((2, vec!["external_id=a".to_owned()]));
        assert_eq!(found(&router, "GET", "/v1/rooms/by-external-id/a"), by);
        // The literal has no operation of its own: here the word is an id.
        let id = Some((0, vec!["id=by-external-id".to_owned()]));
        assert_eq!(found(&router, "GET", "/v1/rooms/by-external-id"), id);
    }

    #[test]
    fn a_literal_that_leads_nowhere_gives_way_to_the_parameter() {
        let router = router(&[
            ("GET", "/a/b/c"),
            ("GET", "/{x}/b/{y}"),
            ("GET", "/a/{z}/d"),
        ]);
        let xy = Some((1, vec!["x=a".to_owned(), "y=e".to_owned()]));
        assert_eq!(found(&router, "GET", "/a/b/e"), xy);
        assert_eq!(
            found(&router, "GET", "/a/b/d"),
            Some((2, vec!["z=b".to_owned()]))
        );
    }

    #[test]
    fn segments_are_raw_and_empty_ones_count() {
        let router = router(&[("GET", "/v1/rooms/{id}")]);
        let raw = Some((0, vec!["id=a%2Fb".to_owned()]));
        assert_eq!(found(&router, "GET", "/v1/rooms/a%2Fb"), raw);
        assert_eq!(
            found(&router, "GET", "/v1/rooms/"),
            Some((0, vec!["id=".to_owned()]))
        );
        for path in [
            "/v1/rooms",
            "/v1/rooms/a/",
            "//v1/rooms/a",
            "/V1/rooms/a",
            "/",
            "",
        ] {
            assert_eq!(found(&router, "GET", path), None, "{path}");
        }
    }

    #[test]
    fn methods_of_one_route_name_their_own_parameters() {
        let router = router(&[("GET", "/a/{id}"), ("PUT", "/a/{name}")]);
        assert_eq!(
            found(&router, "PUT", "/a/1"),
            Some((1, vec!["name=1".to_owned()]))
        );
        assert_eq!(found(&router, "DELETE", "/a/1"), None);
        let route = router.find("/a/1").unwrap();
        assert_eq!(
            route.methods().cloned().collect::<Vec<_>>(),
            [Method::GET, Method::PUT]
        );
    }

    #[test]
    fn one_method_on_one_route_is_taken_under_any_parameter_name() {
        let mut router = router(&[("GET", "/a/{id}")]);
        assert_eq!(
            router.add(&Method::GET, "/a/{other}", OperationIndex(9)),
            Err(OperationIndex(0))
        );
        assert_eq!(
            router.add(&Method::POST, "/a/{other}", OperationIndex(9)),
            Ok(())
        );
    }

    #[test]
    fn equivalent_spellings_are_one() {
        for (spelling, normal) in [
            ("/v1/rooms/1", "/v1/rooms/1"),
            ("/v1/%72ooms/%31", "/v1/rooms/1"),
            ("/%7e%7E%2d%2D%2e%5f", "/~~--._"),
            ("/a%2fb%2Fc", "/a%2Fb%2Fc"),
            ("/%c3%b1", "/%C3%B1"),
            // Segments stay as many as they were, and none is resolved.
            ("/a/%2e%2E/b", "/a/../b"),
            ("/a%2f..%2f", "/a%2F..%2F"),
            // Reserved characters and their escapes are not the same.
            ("/a%3Bb;c%21!", "/a%3Bb;c%21!"),
            // Once, not twice.
            ("/%2572%252f", "/%2572%252f"),
            ("/%25%37%32", "/%2572"),
            ("/%zz%7%", "/%zz%7%"),
            ("/%%37e%41", "/%%37e%41"),
            ("/%\u{e9}1", "/%\u{e9}1"),
            ("", ""),
        ] {
            assert_eq!(normal_path(spelling), normal, "{spelling}");
        }
        assert!(matches!(normal_path("/a%2Fb"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_literal_is_met_in_each_spelling_and_values_stay_as_they_came() {
        let router = router(&[
            ("GET", "/v1/by-id/{id}"),
            ("GET", "/v1/a!b"),
            ("GET", "/v1/{x}"),
        ]);
        let raw = Some((0, vec!["id=%2d%2F".to_owned()]));
        for path in [
            "/v1/by-id/%2d%2F",
            "/%76%31/by%2Did/%2d%2F",
            "/v1/%62%79%2d%69%64/%2d%2F",
        ] {
            assert_eq!(found(&router, "GET", path), raw, "{path}");
        }
        // A reserved character and its escape are two things; nothing is unescaped twice.
        assert_eq!(found(&router, "GET", "/v1/a!b"), Some((1, vec![])));
        for segment in [
            "a%21b",
            "%61%25%32",
            "a%",
            "%6",
            "a!b%",
            "%",
            "\u{e9}%61",
            "%2561!b",
        ] {
            let parameter = Some((2, vec![format!("x={segment}")]));
            assert_eq!(found(&router, "GET", &format!("/v1/{segment}")), parameter);
        }
        for path in [
            "/v1%2Fby-id/1",
            "/v1/by-id%2F1/2",
            "/v1/./by-id/1",
            "/v1/%2e%2e/v1/by-id/1",
        ] {
            assert_eq!(found(&router, "GET", path), None, "{path}");
        }
    }

    #[test]
    fn a_hostile_path_costs_no_more_than_the_longest_template() {
        let router = router(&[("GET", "/{a}/{b}/{c}"), ("GET", "/x/{b}/{c}/{d}")]);
        assert_eq!(found(&router, "GET", &"/x".repeat(100_000)), None);
    }
}
