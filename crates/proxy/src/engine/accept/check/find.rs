//! A declared parameter by its name.

use contract::{Operation, Parameter, ParameterPlace};

pub fn find<'o>(
    operation: &'o Operation,
    name: &str,
    place: ParameterPlace,
) -> Option<&'o Parameter> {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.place == place && parameter.name == name)
}
