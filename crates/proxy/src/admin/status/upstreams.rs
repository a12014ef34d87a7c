//! The vendors.

use serde::Serialize;

use super::html::Html;
use super::section::Section;
use crate::engine::Runtime;

#[derive(Serialize)]
pub struct UpstreamSection {
    name: String,
    base_url: String,
}

pub fn of(runtime: &Runtime) -> Vec<UpstreamSection> {
    let upstreams = runtime.upstreams.iter();
    let sections = upstreams.map(|(name, upstream)| UpstreamSection {
        name: name.clone(),
        base_url: upstream.base_url().as_str().to_owned(),
    });
    sections.collect()
}

impl Section for Vec<UpstreamSection> {
    fn html(&self, page: &mut Html) {
        page.heading("Vendors");
        for upstream in self {
            page.subheading(&upstream.name);
            page.facts([("Address", upstream.base_url.as_str().into())]);
        }
    }
}
