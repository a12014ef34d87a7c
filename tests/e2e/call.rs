//! One operation at its vendor: what is sent, what is read of the answer, what the caller is told of it.

mod answer_limits;
mod assumptions;
mod isolation;
mod paging;
mod read_faults;
mod vendor_answers;
mod vendor_codes;
