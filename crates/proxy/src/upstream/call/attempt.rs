//! What became of a call.

use bytes::Bytes;

use super::answer_fields::AnswerFields;
use super::failure::Failure;
use crate::upstream::redact::call_credential::CallCredential;

/// A vendor's answer. Its head arrived whole; `cut` says why the body did not.
#[derive(Debug, Clone)]
pub struct VendorAnswer {
    pub status: u16,
    pub headers: AnswerFields,
    pub body: Bytes,
    pub cut: Option<Failure>,
    /// The credential of the call: redact it in every text that is made of this answer.
    pub credential: CallCredential,
}

impl VendorAnswer {
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.text(name)
    }
}

/// What became of a call: the only basis for what a caller is told of a write.
#[derive(Debug, Clone)]
pub enum Attempt {
    /// Not one byte left.
    NotSent(Failure),
    /// It may have reached the vendor, and no complete answer head came back.
    ResponseLost(Failure),
    Answered(VendorAnswer),
}

impl Attempt {
    /// Marks it as made with a credential. What a failure says may quote the vendor, and the vendor us.
    pub(crate) fn mark_credential(&mut self, credential: &CallCredential) {
        let redact = |failure: &mut Failure| credential.redact_fragment(&mut failure.detail);
        match self {
            Self::NotSent(failure) | Self::ResponseLost(failure) => redact(failure),
            Self::Answered(answer) => {
                answer.cut.iter_mut().for_each(redact);
                answer.credential = credential.clone();
            }
        }
    }
}
