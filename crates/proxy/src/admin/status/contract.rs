//! The contract that is in force.

use contract::Plan;
use serde::Serialize;

use super::html::Html;
use super::section::Section;

#[derive(Serialize)]
pub struct Contract {
    contract: Named,
    operations: usize,
}

#[derive(Serialize)]
struct Named {
    title: String,
    version: String,
    digest: String,
}

impl Contract {
    pub fn of(plan: &Plan) -> Self {
        Self {
            contract: Named {
                title: plan.title.clone(),
                version: plan.version.clone(),
                digest: plan.digest.clone(),
            },
            operations: plan.operations.len(),
        }
    }
}

impl Section for Contract {
    fn html(&self, page: &mut Html) {
        let Named {
            title,
            version,
            digest,
        } = &self.contract;
        page.heading("Contract");
        page.facts([
            ("Title", title.as_str().into()),
            ("Version", version.as_str().into()),
            ("Digest", digest.as_str().into()),
            ("Operations", self.operations.to_string().into()),
        ]);
    }
}
