//! The five exchanges: what is sent, what must come, and how often.

use bench::http::{Answer, Connection};

pub const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const NEW_ROOM: &str = r#"{"type": "EXTERNAL_PHYSICAL_ROOM", "external_id": "pr001", "name": "Sala de conferencias 1", "capacity": 100, "address": "Calle Icaria 30", "telephone": "+34981523698", "postal_code": "15008", "city": "Burgo", "province": "A Coruña", "observations": "Sala de conferencias para eventos externos", "contact_email": "netex@elearning.com"}"#;
const LINK: &str = r#"{"url": "https://meet.example/j/123456?pwd=a&b=<c>"}"#;

pub struct Exchange {
    pub name: &'static str,
    method: &'static str,
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
    /// The ETag of the first answer to the same request is sent as `If-None-Match`.
    conditional: bool,
    body: &'static str,
    status: u16,
    /// Bytes of the answer's body, at least.
    least: usize,
    /// Each request becomes one call of a vendor; else none does.
    calls: bool,
    /// Requests that warm up, in every run.
    warm: usize,
    /// Requests that are counted: so many that their sum dwarfs what two starts differ by (0.1 million).
    pub counted: usize,
}

/// All of them, in the order of the table.
pub fn all() -> Vec<Exchange> {
    vec![
        Exchange {
            name: "hit",
            method: "GET",
            target: ROOM,
            headers: &[],
            conditional: false,
            body: "",
            status: 200,
            least: 100,
            calls: false,
            warm: 300,
            counted: 4000,
        },
        Exchange {
            name: "not-modified",
            method: "GET",
            target: ROOM,
            headers: &[],
            conditional: true,
            body: "",
            status: 304,
            least: 0,
            calls: false,
            warm: 300,
            counted: 4000,
        },
        Exchange {
            name: "form-write",
            method: "POST",
            target: "/v1/rooms",
            headers: &[],
            conditional: false,
            body: NEW_ROOM,
            status: 201,
            least: 100,
            calls: true,
            warm: 100,
            counted: 1000,
        },
        Exchange {
            name: "xml-write",
            method: "PATCH",
            target: DAY,
            headers: &[],
            conditional: false,
            body: LINK,
            status: 200,
            least: 100,
            calls: true,
            warm: 100,
            counted: 1000,
        },
        Exchange {
            name: "list-1mb",
            method: "GET",
            target: "/v1/rooms",
            headers: &[("Cache-Control", "no-cache")],
            conditional: false,
            body: "",
            status: 200,
            least: 1_000_000,
            calls: true,
            // A warm-up in every run would take most of the time; what the first one costs alone is below 0.1 %.
            warm: 0,
            counted: 2,
        },
    ]
}

impl Exchange {
    /// What must be done before it can be counted, in every run alike.
    ///
    /// # Errors
    /// An answer that is not the one that this exchange is about.
    pub fn warm_up(&self, caller: &mut Connection) -> Result<(), String> {
        self.repeat(caller, self.warm)
    }

    /// # Errors
    /// An answer that is not the one that this exchange is about.
    pub fn repeat(&self, caller: &mut Connection, times: usize) -> Result<(), String> {
        let mut headers = self.headers.to_vec();
        let etag;
        if self.conditional {
            etag = self.send(caller, &headers)?.etag;
            headers.push(("If-None-Match", &etag));
        }
        for _ in 0..times {
            let answer = self.send(caller, &headers)?;
            if answer.status != self.status || answer.body.len() < self.least {
                return Err(format!(
                    "{}: {} with {} bytes, expected {}: {}",
                    self.name,
                    answer.status,
                    answer.body.len(),
                    self.status,
                    answer.body.chars().take(500).collect::<String>()
                ));
            }
        }
        Ok(())
    }

    /// How many calls the vendors see while it is counted.
    pub fn calls(&self) -> usize {
        if self.calls { self.counted } else { 0 }
    }

    fn send(&self, caller: &mut Connection, headers: &[(&str, &str)]) -> Result<Answer, String> {
        caller
            .send(self.method, self.target, headers, self.body)
            .map_err(|error| format!("{}: {error}", self.name))
    }
}
