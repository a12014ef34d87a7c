//! How long answers may be given again, and which writes end that.

pub(crate) mod across;
pub(crate) mod rule;
pub(crate) mod tag;
