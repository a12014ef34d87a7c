//! What the gateway answers of itself.

mod pages;
