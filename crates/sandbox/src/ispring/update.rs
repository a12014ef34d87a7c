use serde_json::Value;

use crate::assumptions::{Assumptions, EmptyUrl, UpdateAnswer};
use crate::day::Day;
use crate::handled::Handled;
use crate::ispring::day_call::{bad_day_id, is_uuid, not_found};
use crate::ispring::dialect::Dialect;
use crate::ispring::xml;
use crate::server::answer::Answer;
use crate::server::request::Request;
use crate::state::{State, Subject};

/// `POST /training/day/{dayId}`: the only field is `url`.
pub(crate) fn update(
    day_id: &str,
    request: &Request,
    dialect: Dialect,
    state: &mut State,
    rules: &Assumptions,
) -> Handled {
    if !is_uuid(day_id) {
        return bad_day_id(dialect).into();
    }
    let Some(day) = state.day(day_id).cloned() else {
        return not_found().into();
    };
    let sent = match url(request) {
        Ok(sent) => sent.filter(|url| !url.trim().is_empty()),
        Err(why) => return dialect.error(400, &why).into(),
    };
    if sent.is_none() && rules.empty_url == EmptyUrl::Refused {
        return dialect.error(400, "url is required").into();
    }
    let day = state.write_day(Day { url: sent, ..day });
    let answer = match rules.update_answer {
        UpdateAnswer::Day => dialect.day(&day, rules.day_wrapping),
        UpdateAnswer::Empty => Answer::new(200),
    };
    Handled {
        answer,
        subject: Some(Subject::Day(day)),
    }
}

/// The encoding of the request goes by its `Content-Type`.
fn url(request: &Request) -> Result<Option<String>, String> {
    let content_type = request.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/xml" | "text/xml" => xml::url_of_request(&request.body),
        "application/json" => {
            let body: Value =
                serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
            match (body.as_object(), body.get("url")) {
                (Some(members), Some(Value::String(url))) if members.len() == 1 => {
                    Ok(Some(url.clone()))
                }
                (Some(members), None) if members.is_empty() => Ok(None),
                _ => Err("the body must be an object with the one string url".to_owned()),
            }
        }
        _ => Err("Content-Type must be application/xml or application/json".to_owned()),
    }
}
