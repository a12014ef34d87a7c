use crate::support::{compiled, repository};

#[test]
fn the_served_contract_compiles() {
    compiled("config/contract.yaml", &repository("config/contract.yaml"));
}
