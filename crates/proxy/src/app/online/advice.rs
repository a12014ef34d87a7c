//! What to do about a step that failed.

use crate::engine::Refusal;
use crate::settings::UpstreamSettings;
use crate::upstream::{Failure, FailureKind};

/// What is wrong, and how to fix it.
pub struct Trouble {
    pub detail: String,
    pub fix: String,
}

pub fn secrets(name: &str) -> String {
    format!(
        "Give the process the variables and files that `upstreams.{name}` names, as `serve` will have them."
    )
}

pub fn dns(upstream: &UpstreamSettings, failure: &Failure) -> Trouble {
    let (name, host) = (
        &upstream.name,
        upstream.base_url.host_str().unwrap_or_default(),
    );
    Trouble {
        detail: failure.detail.clone(),
        fix: format!(
            "Check the host `{host}` in `upstreams.{name}.base_url`, and that this machine can ask its name server (in Kubernetes: that no NetworkPolicy bars port 53)."
        ),
    }
}

pub fn connect(upstream: &UpstreamSettings, detail: String) -> Trouble {
    let (name, url) = (&upstream.name, &upstream.base_url);
    let port = url.port_or_known_default().unwrap_or_default();
    Trouble {
        detail,
        fix: format!(
            "Open the way out to `{}`, port {port}, in firewall, NetworkPolicy or security group; if nothing listens there, correct `upstreams.{name}.base_url`.",
            url.host_str().unwrap_or_default()
        ),
    }
}

/// By the sentence that the transport found for it.
const TLS: [(&str, &str); 7] = [
    (
        "not trusted",
        "Name the PEM file with the CA of that certificate under `ca_file`, or install the CA on this machine.",
    ),
    (
        "another key",
        "Renew the PEM file under `ca_file`: the CA has a new key.",
    ),
    (
        "another host name",
        "Write the host in `base_url` that the certificate is made for.",
    ),
    (
        "has expired",
        "Let the vendor renew the certificate; first look whether the clock of this machine is right.",
    ),
    ("not valid yet", "Set the clock of this machine."),
    (
        "does not speak TLS",
        "Correct the port in `base_url`: what listens there is no https.",
    ),
    (
        "refused the TLS",
        "Ask the vendor which TLS versions it takes; the gateway speaks 1.2 and 1.3.",
    ),
];

pub fn tls(upstream: &UpstreamSettings, failure: &Failure) -> Trouble {
    let known = TLS.iter().find(|(word, _)| failure.detail.contains(word));
    let fix = known.map_or(
        "Look what stands between here and the vendor: a proxy or firewall may cut connections of TLS.",
        |(_, fix)| fix,
    );
    Trouble {
        detail: failure.detail.clone(),
        fix: format!("{fix} (`upstreams.{}`)", upstream.name),
    }
}

pub fn token(upstream: &UpstreamSettings, failure: &Failure) -> Trouble {
    let name = &upstream.name;
    let auth = format!("`upstreams.{name}.auth`");
    let fix = match failure.kind {
        FailureKind::CredentialsRejected => format!(
            "Check `client_id`, `client_secret` and `client_authentication` of {auth} against what the vendor shows for this account."
        ),
        kind if kind.is_pause() => "Wait as long as the vendor asks, then try again.".to_owned(),
        FailureKind::Timeout => format!(
            "The endpoint gave no answer: check `token_path` of {auth}, and ask the vendor."
        ),
        _ => format!(
            "Check `token_path` of {auth} and `upstreams.{name}.base_url`; if both are right, ask the vendor."
        ),
    };
    Trouble {
        detail: failure.to_string(),
        fix,
    }
}

/// What to do about the problem that a caller would get.
pub fn read(upstream: &UpstreamSettings, operation: &str, refusal: &Refusal) -> Trouble {
    let name = &upstream.name;
    let fix = match &*refusal.code {
        "upstream-credentials-rejected" => format!(
            "Put the credential that the vendor shows for this account where `upstreams.{name}.auth` reads it."
        ),
        "upstream-access-denied" => {
            format!("Let the vendor grant the account what `{operation}` needs.")
        }
        "upstream-contract-violation" | "upstream-answer-too-large" => format!(
            "See what came: `upstreams.{name}.base_url` may lead to another service; if it is right, the vendor's answers differ from the contract's `{operation}`."
        ),
        "upstream-timeout" => {
            "Raise `deadline` if the vendor is always so slow; else ask the vendor.".to_owned()
        }
        "validation-failed" => format!(
            "The vendor refuses the read itself: correct `x-vendors.{name}.probe` in the contract."
        ),
        _ if refusal.vendor_status() == Some(404) => format!(
            "Check the path in `upstreams.{name}.base_url`; if the thing may be missing, name the problem under `healthy` of `x-vendors.{name}.probe`."
        ),
        _ => "Ask the vendor; `cause` above is what it said.".to_owned(),
    };
    let mut detail = format!("{operation}: {}: {}", refusal.code, refusal.detail);
    if let Some(cause) = &refusal.cause {
        detail.push_str(&format!(" cause: {cause}"));
    }
    Trouble { detail, fix }
}
