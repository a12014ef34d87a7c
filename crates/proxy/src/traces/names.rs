//! What the spans of a configuration say of its operations: templates and settings, no value of a request.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use contract::{Operation, OperationIndex, Plan, VendorSegment};
use url::Url;

use crate::settings::Settings;

/// By operation.
pub struct Names {
    operations: Vec<OperationNames>,
    by_id: HashMap<Arc<str>, OperationIndex>,
    /// Where callers are answered.
    pub listen: SocketAddr,
}

/// One operation and the vendor call that it is bound to.
pub struct OperationNames {
    pub id: Arc<str>,
    /// The template of the path.
    pub route: String,
    pub upstream: Arc<str>,
    pub call: CallNames,
}

/// The vendor call of an operation.
pub struct CallNames {
    pub method: String,
    /// The template of the path, below the vendor's base URL.
    pub template: String,
    pub scheme: String,
    pub address: String,
    pub port: u16,
}

impl Names {
    #[must_use]
    pub fn of(settings: &Settings, plan: &Plan) -> Self {
        let operations = plan.operations.iter().map(|one| names(one, settings));
        let by_id = plan.operations.iter().enumerate();
        Self {
            operations: operations.collect(),
            by_id: by_id
                .map(|(index, one)| (one.id.shared(), OperationIndex(index)))
                .collect(),
            listen: settings.listen,
        }
    }

    /// The operation of this configuration's plan.
    #[must_use]
    pub fn operation(&self, index: OperationIndex) -> Option<&OperationNames> {
        self.operations.get(index.0)
    }

    /// The operation of this id.
    #[must_use]
    pub fn called(&self, id: &str) -> Option<&OperationNames> {
        self.operation(*self.by_id.get(id)?)
    }
}

fn names(operation: &Operation, settings: &Settings) -> OperationNames {
    let binding = &operation.binding;
    let upstreams = &settings.upstreams;
    let upstream = upstreams.iter().find(|one| *one.name == *binding.upstream);
    let url = upstream.map(|one| &one.base_url);
    let segments = binding.path.segments.iter().map(|segment| match segment {
        VendorSegment::Literal(text) => format!("/{text}"),
        VendorSegment::Parameter(name) => format!("/{{{name}}}"),
    });
    OperationNames {
        id: operation.id.shared(),
        route: operation.path.clone(),
        upstream: binding.upstream.clone(),
        call: CallNames {
            method: binding.method.to_string(),
            template: segments.collect(),
            scheme: url.map(Url::scheme).unwrap_or_default().to_owned(),
            address: url.and_then(Url::host_str).unwrap_or_default().to_owned(),
            port: url.and_then(Url::port_or_known_default).unwrap_or_default(),
        },
    }
}
