//! The tables of settings in `docs/operations.md` are made of the rows. `UPDATE_DOCS=1` writes them.

use std::fmt::Write;
use std::path::Path;

use super::walk;
use crate::settings::ROOT;
use crate::settings::key::{Fallback, Need, Row, ValueType};
use crate::settings::upstream::UPSTREAM;

const DOCUMENT: &str = "../../docs/operations.md";

fn table(rows: &[&'static Row]) -> String {
    let mut table = "| key | default | meaning |\n| --- | --- | --- |\n".to_owned();
    let mut told: Vec<String> = Vec::new();
    walk(rows, "", &mut |path, row| {
        // The keys of an upstream have a table of their own, and several variants have a key in common.
        if path.starts_with("upstreams.") || told.contains(&path) {
            return;
        }
        told.push(path.clone());
        let path = match &row.holds {
            ValueType::Section(_) if matches!(row.need, Need::Optional("none")) => path,
            ValueType::Section(_) | ValueType::Variants(_) => return,
            ValueType::Named { placeholder, .. }
            | ValueType::NamedTexts { placeholder }
            | ValueType::NamedValues { placeholder } => format!("{path}.{placeholder}"),
            ValueType::Listed(_) => format!("{path}[]"),
            _ => path,
        };
        let default = match &row.need {
            Need::Required => "required".to_owned(),
            Need::Optional(words) => (*words).to_owned(),
            Need::Default(Fallback::Text("")) => "`\"\"`".to_owned(),
            Need::Default(default) => format!("`{default}`"),
        };
        let _ = writeln!(table, "| `{path}` | {default} | {} |", row.help);
    });
    table
}

#[test]
fn the_tables_of_the_document_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut renewed = text.clone();
    for (name, rows) in [("settings", ROOT), ("settings of an upstream", UPSTREAM)] {
        let begin = format!("<!-- {name}: made of the table in the code -->\n");
        let (before, rest) = renewed.split_once(&begin).expect("the beginning is marked");
        let (_, behind) = rest.split_once("<!-- end -->").expect("so is the end");
        renewed = format!("{before}{begin}{}<!-- end -->{behind}", table(rows));
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &renewed).unwrap();
    } else {
        assert!(
            renewed == text,
            "docs/operations.md is not what the table says; UPDATE_DOCS=1 writes it"
        );
    }
}
