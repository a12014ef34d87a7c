use crate::assumptions::Assumptions;
use crate::config::Config;
use crate::state::State;

/// What a vendor's call works on.
#[derive(Debug)]
pub(crate) struct Backend<'w> {
    pub(crate) state: &'w mut State,
    pub(crate) rules: &'w Assumptions,
    pub(crate) config: &'w Config,
}
