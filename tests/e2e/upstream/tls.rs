//! Vendors that speak HTTPS: whom the gateway believes, what reaches whom it does not, and what an
//! end of a TLS connection says.

mod ca_file;
mod connections;
mod cut;
mod lab;
mod system;
mod trust;
