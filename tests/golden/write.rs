//! Messages → the text of a file.

use crate::body;
use crate::exchange::{Exchange, Message};

/// A vendor call as a file has it.
pub fn call(call: &Message) -> String {
    message(">>", call)
}

/// The unified answer as a file has it.
pub fn answer(answer: &Message) -> String {
    message("<", answer)
}

/// The whole file: what its author wrote, with other calls and another answer.
pub fn file(exchange: &Exchange, calls: &[Message], answered: &Message) -> String {
    let mut parts = vec![exchange.opening.clone()];
    if calls.is_empty() {
        parts.push("no vendor call\n".to_owned());
    }
    for (index, made) in calls.iter().enumerate() {
        parts.push(call(made));
        // A call that the file does not know gets no answer, and the file is refused until its
        // author has written one.
        parts.extend(
            exchange
                .pairs
                .get(index)
                .map(|pair| pair.reaction_text.clone()),
        );
    }
    parts.push(answer(answered));
    parts.join("\n")
}

fn message(mark: &str, message: &Message) -> String {
    let mut out = format!("{mark} {}\n", message.start);
    for (name, value) in &message.headers {
        out.push_str(&format!("{mark} {}: {value}\n", canonical(name)));
    }
    out.push_str(&body::lines(message.header("content-type"), &message.body));
    out
}

/// `content-type` → `Content-Type`.
fn canonical(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
