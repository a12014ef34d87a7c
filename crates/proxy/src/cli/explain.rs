//! `explain`: the exact vendor request, as curl and raw.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Format, print, print_error};
use crate::app::offline_runtime;
use crate::engine::{ExplainError, explain};

pub fn run(
    config: &Path,
    operation: &str,
    body: Option<&Path>,
    parameters: &[(String, String)],
    format: Format,
) -> ExitCode {
    let runtime = match offline_runtime(config) {
        Ok(runtime) => runtime,
        Err(text) => return print_error(&text),
    };
    let body = match body.map(read).transpose() {
        Ok(body) => body.map(Bytes::from),
        Err(error) => return print_error(&format!("error: the body cannot be read: {error}")),
    };
    let explained = match explain(&runtime, operation, parameters, body) {
        Ok(explained) => explained,
        Err(error) => {
            let known: Vec<&str> = runtime
                .plan
                .operations
                .iter()
                .map(|operation| &*operation.id)
                .collect();
            return print_error(&refused(&error, &known));
        }
    };
    let request = &explained.request;
    let text = &explained.body;
    if format == Format::Json {
        let headers: Vec<Value> = explained
            .headers
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        print(&json!({"method": request.method.as_str(), "url": explained.url, "headers": headers, "body": text}).to_string());
        return ExitCode::SUCCESS;
    }
    let mut out = format!(
        "# as curl (secrets are masked; nothing was sent)\ncurl --request {} {}",
        request.method,
        quote(&explained.url)
    );
    // What curl adds by itself; a length it adds only to a body.
    let implied = |name: &str| match name {
        "host" => true,
        "content-length" => !request.body.is_empty(),
        _ => false,
    };
    for (name, value) in explained.headers.iter().filter(|(name, _)| !implied(name)) {
        let _ = write!(
            out,
            " \\\n  --header {}",
            quote(&format!("{name}: {value}"))
        );
    }
    if !text.is_empty() {
        let _ = write!(out, " \\\n  --data-binary {}", quote(text));
    }
    let target = url::Url::parse(&explained.url).map_or_else(
        |_| request.path_and_query.clone(),
        |url| url[url::Position::BeforePath..].to_owned(),
    );
    let _ = write!(out, "\n\n# raw\n{} {target} HTTP/1.1\n", request.method);
    for (name, value) in &explained.headers {
        let _ = writeln!(out, "{name}: {value}");
    }
    let _ = write!(out, "\n{text}");
    print(&out);
    ExitCode::SUCCESS
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}

fn refused(error: &ExplainError, known: &[&str]) -> String {
    let mut text = format!("error: {error}");
    match error {
        ExplainError::UnknownOperation(name) => {
            let near = validate::closest(name, known.iter().copied());
            let _ = match near {
                Some(near) => write!(text, "; did you mean `{near}`?"),
                None => write!(text, "; known: {}", known.join(", ")),
            };
        }
        ExplainError::Refused(refusal) => {
            for violation in &refusal.errors {
                let _ = write!(text, "\n  {violation}");
            }
        }
        _ => {}
    }
    text
}

/// One word for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
