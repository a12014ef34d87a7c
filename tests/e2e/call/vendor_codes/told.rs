use serde_json::{Value, json};

use crate::support::Answer;

/// What a caller must be told.
pub struct Told {
    pub problem: &'static str,
    status: u16,
    outcome: Option<&'static str>,
    pub pointer: Option<&'static str>,
    vendor: Value,
}

pub fn told(problem: &'static str, status: u16, vendor: Value) -> Told {
    Told {
        problem,
        status,
        outcome: None,
        pointer: None,
        vendor,
    }
}

impl Told {
    pub fn outcome(mut self, word: &'static str) -> Self {
        self.outcome = Some(word);
        self
    }

    pub fn at(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    pub fn check(&self, answer: &Answer) {
        assert_eq!(answer.problem(), self.problem, "{answer:?}");
        assert_eq!(answer.status, self.status, "{answer:?}");
        let body = answer.json();
        assert_eq!(body["outcome"].as_str(), self.outcome, "{body}");
        for (name, value) in self.vendor.as_object().expect("an object") {
            assert_eq!(body["upstream"][name], *value, "{name}: {body}");
        }
        let pointers: Vec<_> = answer
            .errors()
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(
            pointers,
            self.pointer.into_iter().collect::<Vec<_>>(),
            "{body}"
        );
    }
}

pub fn netex(status: u16, code: &str) -> Value {
    json!({"name": "netex", "status": status, "code": code})
}
