//! How far the paths of the places have led.

/// A place to which the first `steps` names of its path have led so far; in XML the element's own included.
pub(super) struct Lead {
    pub(super) place: usize,
    pub(super) steps: usize,
}

/// The leads that go on, one step further.
pub(super) fn follow(leads: &[Lead], goes_on: impl Fn(&Lead) -> bool) -> Vec<Lead> {
    let further = leads.iter().filter(|lead| goes_on(lead));
    further
        .map(|lead| Lead {
            place: lead.place,
            steps: lead.steps + 1,
        })
        .collect()
}
