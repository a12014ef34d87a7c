//! How many vendor calls one request can cause.

use crate::operation::draft::Draft;
use crate::plan::{CreateIfAbsent, LOOK_UPS, Source, Unclear};

/// The vendor calls of the operation alone: its own, and the longer of what may follow. A missing
/// `Location` follows a success, look-ups or a repetition follow an unclear end; never both.
fn own_calls(draft: &Draft<'_, '_>) -> usize {
    let location = usize::from(!draft.answers.look_ups.is_empty());
    let unclear = match &draft.write {
        None => 0,
        Some(write) => match &write.unclear {
            None => usize::from(write.repeatable),
            Some(unclear) => LOOK_UPS * reads_of_a_look_up(draft, unclear),
        },
    };
    1 + location.max(unclear)
}

/// Two where the write may rename what its path names: the old name must be gone as well.
fn reads_of_a_look_up(draft: &Draft<'_, '_>, unclear: &Unclear) -> usize {
    let (_, with) = unclear.read();
    let renames = with.iter().any(|(name, source)| {
        let interface = draft.scope.operation;
        let in_path = interface.path.contains(&format!("{{{name}}}"));
        in_path && !matches!(source, Source::Path(_))
    });
    1 + usize::from(renames)
}

/// See [`Binding::max_vendor_calls`](crate::plan::Binding::max_vendor_calls).
pub(crate) fn max_vendor_calls(
    draft: &Draft<'_, '_>,
    create: Option<&CreateIfAbsent>,
    drafts: &[Draft<'_, '_>],
) -> usize {
    let own = own_calls(draft);
    let Some(create) = create else {
        return own;
    };
    // Only an update that certainly found nothing leads to the create, and only a create that
    // certainly lost its race back to the update.
    let created = drafts.get(create.operation.0).map_or(0, own_calls) + 1;
    let again = if create.again_when.is_empty() {
        0
    } else {
        2 + own
    };
    own.max(created).max(again)
}
