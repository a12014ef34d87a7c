//! Every code and status of the vendors' pages, provoked through the gateway, arrives as its row of
//! the catalogue.

mod codes;
mod statuses;
mod told;
