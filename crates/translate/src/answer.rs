//! What the contract says about a vendor's answers, as data. `judge` applies it.

use std::collections::BTreeMap;
use std::sync::Arc;

use grammar::Pointer;

use crate::encoding::Encoding;
use crate::shape::Shape;

/// All that an operation declares about the answers of its vendor call. `E` is what callers are sent for a
/// success: translation carries it, and does not know it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerPlan<E> {
    /// `response.encoding`. Only `json` and `xml` can stand here.
    pub encoding: Encoding,
    /// Which answers are a success.
    pub success: Successes<E>,
    /// What the operation makes of errors.
    pub errors: ErrorMap,
    /// Where the vendor says its errors.
    pub vendor: VendorErrors,
}

/// The answers that are a success, each shared with the verdicts that name it: one at least.
#[derive(Debug, Clone, PartialEq)]
pub struct Successes<E> {
    /// Also what an answer is taken for that the gateway makes itself.
    pub first: Arc<Success<E>>,
    /// In the order in which they are tried.
    pub others: Vec<Arc<Success<E>>>,
}

impl<E> Successes<E> {
    /// The entries in the order in which they are tried; `None` where there is none.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = Success<E>>) -> Option<Self> {
        let mut entries = entries.into_iter().map(Arc::new);
        Some(Self {
            first: entries.next()?,
            others: entries.collect(),
        })
    }

    /// All entries, in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Success<E>>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The entry of a status: the first that names it.
    #[must_use]
    pub fn of_status(&self, status: u16) -> Option<&Arc<Success<E>>> {
        self.iter().find(|entry| entry.statuses.contains(&status))
    }
}

/// A vendor's answer that is a success, and what is made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Success<E> {
    /// HTTP statuses that it is for.
    pub statuses: Vec<u16>,
    /// Whether its body is read.
    pub body: BodyRule,
    /// Where the decoded value stands, tried in order; each is a path of member or element names, an
    /// empty path is the whole document (in XML a path begins with the root's name).
    pub at: Vec<Vec<String>>,
    /// XML: the namespace of the element that stands for the whole value, where its schema names one.
    pub namespace: Option<String>,
    /// What shows that it is none after all.
    pub fails_if: Option<FailsIf>,
    /// First producer of a field wins.
    pub producers: Vec<Producer>,
    /// The unified answer; `None` where nothing is sent back (204).
    pub shape: Option<Shape>,
    /// What callers are sent with it.
    pub emit: E,
}

impl<E> Success<E> {
    /// Whether the vendor's own words can give what stands at a path of members of the unified answer.
    /// What a producer takes from our request, or makes up, is ours, also where another would give it.
    #[must_use]
    pub fn shows(&self, field: &Pointer) -> bool {
        let meets = |one: &Producer| field.is_within(&one.to) || one.to.is_within(field);
        let gives = |one: &Producer| !one.from.is_own() && meets(one);
        self.producers.iter().any(gives) && !self.own().any(|to| field.is_within(to))
    }

    /// The places of the unified answer that bear our own words: see [`Produced::is_own`].
    pub fn own(&self) -> impl Iterator<Item = &Pointer> {
        let own = self.producers.iter().filter(|one| one.from.is_own());
        own.map(|one| &one.to)
    }
}

/// What a success does with the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyRule {
    /// Never read.
    Ignored,
    /// Empty, or it must decode.
    Optional,
    /// It must be there and decode.
    Required,
}

/// A predicate on the answer's own names: a success status that is a failure.
#[derive(Debug, Clone, PartialEq)]
pub struct FailsIf {
    /// In XML from the root on; a last step `@name` is an attribute. So are `items` and the paths of
    /// [`VendorErrors`].
    pub at: Pointer,
    /// The text, blanks around it aside.
    pub equals: String,
    /// Without a row the answer is unclear (in a read: a violation).
    pub row: Option<ErrorRow>,
    /// Values that name the entries of the request that failed.
    pub items: Option<Pointer>,
}

/// Gives one place of the unified answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Producer {
    /// The place in the unified answer; the root is the whole.
    pub to: Pointer,
    /// Where the value comes from.
    pub from: Produced,
}

/// A source of the unified answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Produced {
    /// What stands at [`Success::at`] in the vendor's body.
    Body,
    /// A place of what was validated and sent (after `set`, before `omit`).
    Request(Pointer),
    /// A path parameter of the unified call, by its name.
    Path(String),
    /// An answer header, name in lower case.
    Header(String),
    /// The segment of the `Location` path that follows the segment `segment_after`.
    Location {
        /// A segment of the path as it is written.
        segment_after: String,
        /// What to do without a usable one.
        missing: Missing,
    },
    /// `[]` or `{}` by the shape.
    Empty,
}

impl Produced {
    /// Whether it repeats our request or stands for nothing, so that it proves nothing of the vendor.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        match self {
            Self::Request(_) | Self::Path(_) | Self::Empty => true,
            Self::Body | Self::Header(_) | Self::Location { .. } => false,
        }
    }
}

/// What becomes of a field whose `Location` cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A read finds it.
    LookUp,
    /// It is left out.
    Omit,
}

/// What an operation makes of errors: by code first, then by status.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ErrorMap {
    /// By the vendor's code.
    pub codes: BTreeMap<String, ErrorRow>,
    /// By the HTTP status.
    pub statuses: BTreeMap<u16, ErrorRow>,
}

/// One row of an error map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRow {
    /// Code of the problem catalogue.
    pub problem: Arc<str>,
    /// The request field that the vendor speaks of.
    pub pointer: Option<String>,
    /// `outcome: unknown`: the vendor refused, and yet something may have happened.
    pub outcome_unknown: bool,
}

/// How a vendor words its errors (`x-vendors`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VendorErrors {
    /// Places of a JSON answer that hold a code, tried in order.
    pub code_json: Vec<Pointer>,
    /// Element paths from the root.
    pub code_xml: Vec<Vec<String>>,
    /// `A` a letter A–Z, `9` a digit.
    pub scan: Option<String>,
    /// As `code_json`, of the sentence for people.
    pub message_json: Vec<Pointer>,
    /// As `code_xml`, of the sentence for people.
    pub message_xml: Vec<Vec<String>>,
    /// The codes that the vendor documents.
    pub catalogue: Vec<String>,
}
