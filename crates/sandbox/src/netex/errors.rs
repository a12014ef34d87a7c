use serde_json::json;

use crate::assumptions::ErrorBody;
use crate::server::answer::Answer;

const TEXT: &str = "text/plain;charset=UTF-8";

/// An answer with a vendor code, in the form that the assumptions choose; no vendor page shows one.
pub(crate) fn error(status: u16, code: &str, form: ErrorBody) -> Answer {
    let message = meaning(code);
    match form {
        ErrorBody::Json => Answer::json(status, &json!({"code": code, "message": message})),
        ErrorBody::Text => Answer::with_body(status, TEXT, format!("{code}: {message}")),
        ErrorBody::Code => Answer::with_body(status, TEXT, code),
    }
}

/// The vendor's own words where its pages have them.
fn meaning(code: &str) -> &'static str {
    match code {
        "ERR001" => "Lista de parámetros vacía o algún campo obligatorio sin cubrir",
        "ERR002" => "Acción no válida",
        "ERR003" => "Todos los ids deben ser numéricos",
        "ERR004" => "El nombre de sala por Id no existe",
        "ERR005" => "El nombre de sala por External Id no existe",
        "ERR006" => "External id duplicado",
        "ROO001" => "Tipo de sala inválido",
        "ROO003" => "Formato de correo electrónico incorrecto",
        "ROO004" => "La sala está reservada",
        "ROO005" => "Error al mover usuarios de la lista de espera a la acción formativa",
        _ => "Error",
    }
}

/// The page of a Tomcat itself, with the version that it gives away.
pub(crate) fn tomcat_page(status: u16, why: &str) -> Answer {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>HTTP Status {status}</title></head><body>\
<h1>HTTP Status {status}</h1><hr class=\"line\" /><p><b>Message</b> {why}</p>\
<hr class=\"line\" /><h3>Apache Tomcat/10.1.60</h3></body></html>"
    );
    Answer::with_body(status, "text/html;charset=utf-8", page)
}
