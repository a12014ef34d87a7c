//! Parameters by name, as a caller would have written them.

use contract::{Operation, ParameterPlace};

use crate::engine::call::path::segment;

/// Path and query of a request that nobody sent.
#[derive(Debug, Default)]
pub struct Given {
    /// The path parameters by name, percent-encoded.
    pub path: Vec<(String, String)>,
    /// Without `?`.
    pub query: String,
}

impl Given {
    /// # Errors
    /// The name that the operation does not have.
    pub fn of<'p>(
        operation: &Operation,
        parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<Self, String> {
        let mut given = Self::default();
        let mut query = Vec::new();
        for (name, value) in parameters {
            let known = operation.parameters.iter().find(|one| one.name == name);
            match known.ok_or_else(|| name.to_owned())?.place {
                ParameterPlace::Path => given.path.push((name.to_owned(), segment(value))),
                ParameterPlace::Query => {
                    query.push(format!("{}={}", segment(name), segment(value)));
                }
            }
        }
        given.query = query.join("&");
        Ok(given)
    }

    /// The path parameters, borrowed.
    #[must_use]
    pub fn path(&self) -> Vec<(&str, &str)> {
        let path = self.path.iter();
        path.map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}
