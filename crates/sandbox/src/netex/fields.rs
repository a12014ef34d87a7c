//! The fields that create and replace share.

use crate::assumptions::{Assumptions, EmailOnPhysical, EmptyFields, IdSlash};
use crate::netex::errors;
use crate::room::RoomType;
use crate::server::answer::Answer;
use crate::server::form::Form;

/// The two mandatory fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names<'a> {
    pub(crate) external_id: &'a str,
    pub(crate) name: &'a str,
}

/// Why a form is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Code(&'static str),
    /// 400 without a code: no page says what a capacity that is no integer does. Assumed.
    Capacity,
}

impl Refused {
    pub(crate) fn answer(self, rules: &Assumptions) -> Answer {
        match self {
            Self::Code(code) => errors::error(400, code, rules.error_body),
            Self::Capacity => Answer::new(400),
        }
    }
}

impl<'a> Names<'a> {
    pub(crate) fn of(form: &'a Form, rules: &Assumptions) -> Result<Self, Refused> {
        let (Some(external_id), Some(name)) = (form.filled("external_id"), form.filled("name"))
        else {
            return Err(Refused::Code("ERR001"));
        };
        if rules.external_id_slash == IdSlash::Refused && external_id.contains(['/', '\\']) {
            return Err(Refused::Code("ERR001"));
        }
        Ok(Self { external_id, name })
    }
}

/// `None` where it was not sent; `Some(None)` where it was sent empty and that means no value.
pub(crate) fn text(form: &Form, name: &str, rules: &Assumptions) -> Option<Option<String>> {
    let value = form.value(name)?;
    Some(match (value, rules.empty_fields) {
        ("", EmptyFields::Null) => None,
        _ => Some(value.to_owned()),
    })
}

/// As [`text`]; a Java `Integer`: an optional sign and digits, 32 bits.
pub(crate) fn capacity(form: &Form) -> Result<Option<Option<i32>>, Refused> {
    match form.value("capacity") {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(digits) => digits
            .parse()
            .map(|capacity| Some(Some(capacity)))
            .map_err(|_| Refused::Capacity),
    }
}

/// As [`text`]; an address exists on external rooms only.
pub(crate) fn contact_email(
    form: &Form,
    room_type: RoomType,
    rules: &Assumptions,
) -> Result<Option<Option<String>>, Refused> {
    match (form.value("contactEmail"), room_type) {
        (None, _) => Ok(None),
        (Some(""), _) => Ok(Some(None)),
        (Some(_), RoomType::PhysicalRoom) => match rules.email_on_physical {
            EmailOnPhysical::Ignored => Ok(None),
            EmailOnPhysical::Refused => Err(Refused::Code("ROO003")),
        },
        (Some(email), RoomType::ExternalPhysicalRoom) if is_email(email) => {
            Ok(Some(Some(email.to_owned())))
        }
        (Some(_), RoomType::ExternalPhysicalRoom) => Err(Refused::Code("ROO003")),
    }
}

/// A plain rule, no vendor page gives one: one `@`, a dot inside the domain, no blanks.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let dotted = domain
        .split_once('.')
        .is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty());
    dotted
        && !local.is_empty()
        && !domain.contains('@')
        && !domain.ends_with('.')
        && !text.contains(char::is_whitespace)
}
