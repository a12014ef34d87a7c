use super::mistakes::Mistakes;
use super::open::OpenError;
use crate::edge;

/// Why the gateway does not run, as it is told on standard error.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{}", .0.text())]
    Configuration(Mistakes),
    #[error("error: the metrics cannot be registered")]
    Metrics,
    #[error("{}", lines(.0))]
    Open(Vec<OpenError>),
    #[error("error: {0}")]
    Edge(#[from] edge::StartError),
    /// Of the demo: what could not be prepared for it.
    #[error("error: {0}")]
    Demo(String),
}

fn lines(errors: &[OpenError]) -> String {
    let lines: Vec<String> = errors.iter().map(|one| format!("error: {one}")).collect();
    lines.join("\n")
}
