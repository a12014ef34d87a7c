use crate::server::answer::Answer;
use crate::state::Subject;

/// An answer, and the write that it reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handled {
    pub(crate) answer: Answer,
    /// `None` where nothing changed.
    pub(crate) subject: Option<Subject>,
}

impl From<Answer> for Handled {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            subject: None,
        }
    }
}
