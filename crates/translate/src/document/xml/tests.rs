//! Our tree against `roxmltree`'s, over documents with everything that may stand in one, and over
//! damaged ones.

use proptest::prelude::*;
use roxmltree::Node;

use super::{Event, Refusal, Tag, XmlReader};
use crate::document::AnswerLimits;

/// What the reader shows, as a tree.
#[derive(Debug, Clone, PartialEq, Default)]
struct Element {
    name: String,
    namespace: Option<String>,
    attributes: Vec<Attribute>,
    /// The text directly inside: character data, CDATA sections and references, joined.
    text: String,
    children: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq)]
struct Attribute {
    name: String,
    namespace: Option<String>,
    value: String,
}

fn parse(text: &str, limits: &AnswerLimits) -> Result<Element, Refusal> {
    let mut reader = XmlReader::new(text, limits)?;
    let root = reader.root()?;
    let root = ours(&mut reader, &root)?;
    reader.finish()?;
    let mut passing = XmlReader::new(text, limits)?;
    passing.root()?;
    passing.pass()?;
    passing.finish()?;
    Ok(root)
}

fn ours<'t>(reader: &mut XmlReader<'t>, tag: &Tag<'t>) -> Result<Element, Refusal> {
    let attributes = reader.attributes().iter().map(|attribute| Attribute {
        name: attribute.name.to_owned(),
        namespace: attribute.namespace.as_deref().map(str::to_owned),
        value: attribute.value.clone().into_owned(),
    });
    let namespace = reader.namespaces.of_element(tag.qualified)?;
    let mut element = Element {
        name: tag.name.to_owned(),
        namespace: namespace.map(|namespace| namespace.into_owned()),
        attributes: attributes.collect(),
        ..Element::default()
    };
    loop {
        match reader.next()? {
            Event::Start(child) => element.children.push(ours(reader, &child)?),
            Event::Text(piece) => element.text.push_str(&piece),
            Event::End => return Ok(element),
        }
    }
}

/// roxmltree's tree in our terms.
fn theirs(node: Node<'_, '_>) -> Element {
    Element {
        name: node.tag_name().name().into(),
        // After `xmlns=""` it says "", which is no namespace.
        namespace: node
            .tag_name()
            .namespace()
            .filter(|uri| !uri.is_empty())
            .map(Into::into),
        attributes: node
            .attributes()
            .map(|attribute| Attribute {
                name: attribute.name().into(),
                namespace: attribute.namespace().map(Into::into),
                value: attribute.value().to_owned(),
            })
            .collect(),
        text: node
            .children()
            .filter(Node::is_text)
            .filter_map(|child| child.text())
            .collect(),
        children: node
            .children()
            .filter(Node::is_element)
            .map(theirs)
            .collect(),
    }
}

/// A piece of content, in all the ways that one may write it.
fn content() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z ñ😀\r\n\t\"'=\\]-]{0,6}".prop_map(|text| text.replace('\r', "\r\n")),
        prop_oneof![
            Just("&amp;"),
            Just("&lt;"),
            Just("&gt;"),
            Just("&quot;"),
            Just("&apos;"),
            Just("&#13;"),
            Just("&#xF1;"),
            Just("&#10;"),
            Just("&#x1F600;"),
            Just("<![CDATA[<&]]]]>"),
            Just("<![CDATA[]]>"),
            Just("<![CDATA[\r\n]]>"),
            Just("<!-- & < -->"),
            Just("<?pi a<b&c?>"),
            Just("<?pi?>"),
            Just("<!---->"),
        ]
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name = prop_oneof![Just("a"), Just("b"), Just("p:a"), Just("q:ñ-1._")];
        let attributes = proptest::sample::subsequence(
            vec![
                "x='1'",
                "y = \"a&#10;b\r\n&lt;>'\"",
                "p:x='&amp;'",
                "\n q:x=''",
                "xmlns='urn:d'",
                "xmlns=''",
                "xmlns:p='urn:p2'",
                "xml:lang = 'es'",
            ],
            0..4,
        )
        .prop_filter("one default namespace", |chosen| {
            chosen
                .iter()
                .filter(|text| text.starts_with("xmlns="))
                .count()
                < 2
        });
        let close = prop_oneof![Just(""), Just(" "), Just("\n")];
        (
            name,
            attributes,
            close,
            proptest::collection::vec(inner, 0..5),
        )
            .prop_map(|(name, attributes, blank, content)| {
                let attributes: String = attributes.iter().map(|text| format!(" {text}")).collect();
                if content.is_empty() && blank.is_empty() {
                    format!("<{name}{attributes}/>")
                } else {
                    format!(
                        "<{name}{attributes}{blank}>{}</{name}{blank}>",
                        content.concat()
                    )
                }
            })
    })
}

fn document() -> impl Strategy<Value = String> {
    let prolog = prop_oneof![
        Just(""),
        Just("\n"),
        Just("<?xml version=\"1.0\"?>"),
        Just("<!-- c --> <?p?>\n"),
        Just("<?xml version='1.0' encoding=\"UTF-8\" standalone='yes' ?>\n"),
    ];
    (prolog, proptest::collection::vec(content(), 0..4)).prop_map(|(prolog, content)| {
        format!(
            "{prolog}<r xmlns:p='urn:p' xmlns:q=\"urn:q?a&amp;b\">{}</r>\n",
            content.concat()
        )
    })
}

/// Small damage: characters deleted, doubled or put in.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (
        any::<proptest::sample::Index>(),
        0..3u8,
        proptest::sample::select("<>&;/'\"=!-[]? \tx:#1ñ".chars().collect::<Vec<_>>()),
    );
    (document(), proptest::collection::vec(damage, 1..4)).prop_map(|(document, damages)| {
        let mut characters: Vec<char> = document.chars().collect();
        for (place, kind, character) in damages {
            let place = place.index(characters.len());
            match kind {
                0 => {
                    characters.remove(place);
                }
                1 => characters.insert(place, characters[place]),
                _ => characters.insert(place, character),
            }
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_tree(text in document()) {
        let expected = roxmltree::Document::parse(&text).map(|document| theirs(document.root_element()));
        let ours = parse(&text, &AnswerLimits::default());
        prop_assert_eq!(ours.map_err(|m| m.to_string()), expected.map_err(|e| e.to_string()), "{}", text);
    }

    /// roxmltree is looser here and there (`<:a/>`, the target of a processing instruction,
    /// references beyond Unicode), so this is about what we accept.
    #[test]
    fn what_we_accept_is_xml(text in damaged()) {
        // It keeps a lone CR before a reference, where XML 1.0 §2.11 wants LF.
        prop_assume!(!text.replace("\r\n", "").contains('\r'));
        if let Ok(ours) = parse(&text, &AnswerLimits::default()) {
            let expected = roxmltree::Document::parse(&text);
            let expected = expected.map(|document| theirs(document.root_element()));
            prop_assert_eq!(Ok(ours), expected.map_err(|e| e.to_string()), "{}", text);
        }
    }
}
