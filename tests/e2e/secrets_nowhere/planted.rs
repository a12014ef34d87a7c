//! The secrets, and how they may be spelled.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A secret of each kind. Their ends are written in another way in most spellings, their middles in few.
#[derive(Clone)]
pub struct Planted {
    pub netex: &'static str,
    pub client_id: &'static str,
    pub client_secret: &'static str,
    /// What iSpring grants.
    pub token: &'static str,
    pub caller: &'static str,
    pub other_caller: &'static str,
    pub operator: &'static str,
    /// Of the receiver of traces.
    pub receiver: &'static str,
    /// Stands in a settings file that is refused for it.
    pub in_the_open: &'static str,
    /// Of a body: no secret, and all the same in no log, metric or page.
    pub body: &'static str,
}

impl Default for Planted {
    fn default() -> Self {
        Self {
            netex: r#"N/"&<kG7vQ2mWx9>&"+\z"#,
            client_id: "canaryclient8b7e11",
            client_secret: "S%/+cAnAry5eCret2a90fe=&",
            token: "T-gRaNtEd4toKen77d0aa/+==",
            caller: "xQcaller61c2e8Zk",
            other_caller: "xQlimited09fe31Zk",
            operator: "xQoperator4d7a1cZk",
            receiver: "xQreceiver3f60b8Zk",
            in_the_open: "xQinTheOpen5b82f0Zk",
            body: "canary-body-c3c3c3",
        }
    }
}

impl Planted {
    /// By the variables that the settings name.
    pub fn env(&self) -> [(&'static str, &'static str); 7] {
        [
            ("NETEX_TOKEN", self.netex),
            ("CLIENT_ID", self.client_id),
            ("CLIENT_SECRET", self.client_secret),
            ("CALLER_KEY", self.caller),
            ("OTHER_KEY", self.other_caller),
            ("ADMIN_KEY", self.operator),
            ("RECEIVER_KEY", self.receiver),
        ]
    }

    /// All but the body's.
    pub fn all(&self) -> [&'static str; 9] {
        [
            self.netex,
            self.client_id,
            self.client_secret,
            self.token,
            self.caller,
            self.other_caller,
            self.operator,
            self.receiver,
            self.in_the_open,
        ]
    }

    /// Fails where a text holds one, however it is spelled, or its middle alone.
    pub fn must_not_stand_in(&self, what: &str, text: &str) {
        let lower = text.to_ascii_lowercase();
        for secret in self.all() {
            let spelled = spellings(secret).into_iter().chain([middle(secret)]);
            for spelled in spelled.map(|spelled| spelled.to_ascii_lowercase()) {
                let Some(at) = lower.find(&spelled) else {
                    continue;
                };
                let around: String = lower[..at].chars().rev().take(200).collect();
                let around: String = around.chars().rev().collect();
                panic!("{what} shows {spelled} behind …{around}");
            }
        }
    }
}

/// Ten characters of the middle, which most spellings leave as they are.
fn middle(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let runs = letters.split(|c| !c.is_ascii_alphanumeric());
    let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
    longest.iter().take(10).collect()
}

/// As software writes a text into other texts.
pub fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("a text");
    let json = json.trim_matches('"').to_owned();
    let xml = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let url: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex = |c: char| format!("\\u{:04x}", u32::from(c));
    vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        json,
        xml,
        url.replace('%', "%25"),
        url,
        secret.chars().map(hex).collect(),
        STANDARD.encode(secret),
    ]
}
