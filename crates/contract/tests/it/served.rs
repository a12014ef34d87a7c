use crate::support::{SHELF, compiled, repository};

#[test]
fn the_served_contract_compiles() {
    compiled("config/contract.yaml", &repository("config/contract.yaml"));
}

#[test]
fn the_vocabularys_own_example_compiles() {
    compiled("shelf.yaml", SHELF);
}

#[test]
fn foreign_vendor_calls_compile_from_contract_alone() {
    for name in ["ispring-sessions", "netex-courses", "netex-plans"] {
        let path = format!("tests/contracts/{name}.yaml");
        compiled(&path, &repository(&path));
    }
}
