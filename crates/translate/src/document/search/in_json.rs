use std::borrow::Cow;

use grammar::pointer;

use super::lead::{Lead, follow};
use super::place::{Found, Wanted};
use crate::document::AnswerLimits;
use crate::document::json::{self, Json, Refusal};
use crate::mismatch::Mismatch;

pub(crate) fn search(
    text: &str,
    limits: &AnswerLimits,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Found>, Mismatch> {
    let mut search = Search {
        wanted,
        found: vec![Found::default(); wanted.len()],
    };
    let places = 0..wanted.len();
    let leads = places.map(|place| Lead { place, steps: 0 }).collect();
    json::read(text, limits, |json| search.value(json, leads, &[]))?;
    Ok(search.found)
}

struct Search<'w> {
    wanted: &'w [Wanted<'w>],
    found: Vec<Found>,
}

impl Search<'_> {
    /// `item_of`: the places at which the array stands that the value is an item of, as far as texts are
    /// wanted there.
    fn value(
        &mut self,
        json: Json<'_, '_>,
        leads: Vec<Lead>,
        item_of: &[usize],
    ) -> Result<(), Refusal> {
        if leads.is_empty() && item_of.is_empty() {
            return json.pass().map(drop);
        }
        let mut texts = Vec::new();
        for Lead { place, steps } in &leads {
            let wanted = self.wanted.get(*place);
            if let Some(found) = self.found.get_mut(*place)
                && wanted.is_some_and(|wanted| wanted.path().len() == *steps)
            {
                found.values += 1;
                if matches!(wanted, Some(Wanted::Texts { .. })) {
                    texts.push(*place);
                }
            }
        }
        match json {
            Json::Object(mut members) => {
                let mut key: Cow<'_, str> = Cow::default();
                while let Some((_, member)) = members.next_member(|name| {
                    key.clone_from(name);
                    None
                })? {
                    let there = self.follow(&leads, |token, _| *token == *key);
                    self.value(member, there, &[])?;
                }
            }
            Json::Array(mut items) => {
                let mut index = 0;
                while let Some(item) = items.next_item()? {
                    let there = self.follow(&leads, |token, wanted| {
                        matches!(wanted, Wanted::Texts { .. })
                            && pointer::index(token) == Some(index)
                    });
                    self.value(item, there, &texts)?;
                    index += 1;
                }
            }
            scalar => {
                let Some(text) = scalar.pass()?.text else {
                    return Ok(());
                };
                for place in texts.iter().chain(item_of) {
                    if let Some(found) = self.found.get_mut(*place) {
                        found.texts.push(text.clone().into_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// Where the leads go on whose next token `answers`.
    fn follow(&self, leads: &[Lead], answers: impl Fn(&str, &Wanted<'_>) -> bool) -> Vec<Lead> {
        follow(leads, |lead| {
            self.wanted.get(lead.place).is_some_and(|wanted| {
                let token = wanted.path().get(lead.steps);
                token.is_some_and(|token| answers(token, wanted))
            })
        })
    }
}
