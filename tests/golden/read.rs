//! A file → [`Exchange`]. What is not understood is an error with its line: a file that is read
//! leniently proves less than it says.

use crate::body::Form;
use crate::exchange::{Exchange, Message, Pair, Reaction};

/// A run of lines that begin with one mark, and the body lines behind it.
struct Block<'t> {
    mark: &'static str,
    /// 1-based.
    line: usize,
    message: Message,
    text: Vec<&'t str>,
}

/// Longer marks first: `>` begins `>>` too.
const MARKS: [&str; 4] = [">>", "<<", ">", "<"];
const NO_CALL: &str = "no vendor call";

pub fn exchange(text: &str) -> Result<Exchange, String> {
    let mut comment = Vec::new();
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut no_call = false;
    let invisible = |line: &str| line.ends_with(char::is_whitespace) || line.contains('\r');
    if let Some(index) = text.split('\n').position(invisible) {
        let hint = "blanks at the end of a line are invisible; write `\\s` in an escaped body";
        return Err(format!("line {}: {hint}", index + 1));
    }
    let mut lines = text.split('\n').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        match line {
            "" => {}
            _ if line.starts_with('#') && blocks.is_empty() => comment.push(line),
            NO_CALL if !no_call => no_call = true,
            _ => {
                let Some(mark) = MARKS.into_iter().find(|mark| line.starts_with(mark)) else {
                    let hint = "a line begins with `#` (at the top), `>`, `>>`, `<<`, `<` or `|`";
                    return Err(format!("line {}: {hint}", index + 1));
                };
                let mut run = vec![line];
                while let Some((_, next)) =
                    lines.next_if(|(_, next)| next.starts_with(mark) || next.starts_with('|'))
                {
                    run.push(next);
                }
                let message =
                    message(mark, &run).map_err(|wrong| format!("line {}: {wrong}", index + 1))?;
                blocks.push(Block {
                    mark,
                    line: index + 1,
                    message,
                    text: run,
                });
            }
        }
    }
    if comment.is_empty() {
        return Err("the file begins with a comment that says what it proves".to_owned());
    }
    assemble(&comment, blocks, no_call)
}

fn assemble(comment: &[&str], blocks: Vec<Block<'_>>, no_call: bool) -> Result<Exchange, String> {
    let mut blocks = blocks.into_iter();
    let mut next = |wanted: &str| match blocks.next() {
        Some(block) if block.mark == wanted || wanted.is_empty() => Ok(block),
        Some(block) => Err(format!("line {}: here a `{wanted}` is due", block.line)),
        None => Err(format!("the file ends where a `{wanted}` is due")),
    };
    let request = next(">")?;
    let opening = format!("{}\n\n{}\n", comment.join("\n"), request.text.join("\n"));
    let mut pairs = Vec::new();
    let answer = loop {
        let block = next("")?;
        match block.mark {
            ">>" => {
                let said = next("<<")?;
                pairs.push(Pair {
                    call: block.message,
                    reaction_text: said.text.join("\n") + "\n",
                    reaction: reaction(said)?,
                });
            }
            "<" => break block.message,
            _ => return Err(format!("line {}: here a `>>` or `<` is due", block.line)),
        }
    };
    if let Some(more) = blocks.next() {
        return Err(format!("line {}: the answer is the end", more.line));
    }
    if no_call != pairs.is_empty() {
        return Err("either vendor calls, or the line `no vendor call`".to_owned());
    }
    Ok(Exchange {
        opening,
        request: request.message,
        pairs,
        answer,
    })
}

fn reaction(block: Block<'_>) -> Result<Reaction, String> {
    let mut message = block.message;
    let start = message.start.clone();
    let bare = message.headers.is_empty() && message.body.is_empty();
    match start.split_once(' ') {
        None if start.parse::<u16>().is_ok() => Ok(Reaction::Answer(message)),
        Some((status, "cut")) if status.parse::<u16>().is_ok() => {
            message.start = status.to_owned();
            Ok(Reaction::Cut(message))
        }
        Some(("lost", kind @ ("closed" | "timeout"))) if bare => {
            Ok(Reaction::Lost(kind.to_owned()))
        }
        Some(("not-sent", kind @ ("connect" | "timeout"))) if bare => {
            Ok(Reaction::NotSent(kind.to_owned()))
        }
        _ => Err(unknown_reaction(block.line)),
    }
}

fn unknown_reaction(line: usize) -> String {
    format!(
        "line {line}: a vendor says a status, `STATUS cut`, `lost closed`, `lost timeout`, \
         `not-sent connect` or `not-sent timeout`"
    )
}

/// The lines of one message: the first line, header fields, body lines.
fn message(mark: &str, lines: &[&str]) -> Result<Message, String> {
    let head = lines.iter().take_while(|line| !line.starts_with('|'));
    let head: Vec<&str> = head
        .map(|line| {
            let behind = line.strip_prefix(mark).unwrap_or_default();
            behind.strip_prefix(' ').ok_or("a blank follows the mark")
        })
        .collect::<Result<_, _>>()?;
    let (start, fields) = head.split_first().ok_or("a message has a first line")?;
    let mut headers: Vec<(String, String)> = Vec::new();
    for field in fields {
        let (name, value) = field
            .split_once(": ")
            .ok_or_else(|| format!("`{field}` is no header field"))?;
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let body = lines.get(head.len()..).unwrap_or_default();
    Ok(Message {
        start: (*start).to_owned(),
        headers,
        body: body_lines(body)?,
    })
}

fn body_lines(lines: &[&str]) -> Result<Vec<u8>, String> {
    let form = lines.first().and_then(|line| line.strip_prefix("|: "));
    let (form, lines) = match form {
        None => (Form::Plain, lines),
        Some(name) => {
            let form = Form::named(name).ok_or_else(|| format!("no form is named `{name}`"))?;
            (form, lines.get(1..).unwrap_or_default())
        }
    };
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| match line.strip_prefix('|') {
            Some("") => Ok(""),
            Some(line) => line.strip_prefix(' ').ok_or("a blank follows `|`"),
            None => Err("head lines stand before the body"),
        })
        .collect::<Result<_, _>>()?;
    form.bytes(&lines)
}

/// The bytes of body lines alone.
#[cfg(test)]
pub fn body_of(text: &str) -> Result<Vec<u8>, String> {
    body_lines(&text.lines().collect::<Vec<_>>())
}
