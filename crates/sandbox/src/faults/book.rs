use crate::faults::{Fault, FaultKind, FaultRefused, When};
use crate::ledger::Vendor;
use crate::operation::Pattern;

/// The faults that wait for their calls, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Book {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    pattern: Pattern,
    fault: Fault,
}

/// A fault that strikes the call at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) when: When,
    pub(crate) kind: FaultKind,
}

impl Book {
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), FaultRefused> {
        fault.check()?;
        let pattern = fault.pattern()?;
        self.entries.push(Entry { pattern, fault });
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// What is left of each fault; a spent one is gone.
    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.entries
            .iter()
            .map(|entry| entry.fault.clone())
            .collect()
    }

    /// The fault of a call, counted down. Each waiting fault before it lets its skipped call pass.
    pub(crate) fn strike(&mut self, operation: &str) -> Option<Hit> {
        self.take(|entry| {
            entry.pattern.covers(operation)
                && !matches!(
                    entry.fault.kind,
                    FaultKind::Refuse | FaultKind::ResetOnConnect
                )
        })
    }

    /// Whether a new connection is reset, counted down.
    pub(crate) fn strike_connection(&mut self, vendor: Vendor) -> bool {
        self.take(|entry| {
            entry.pattern.concerns(vendor) && entry.fault.kind == FaultKind::ResetOnConnect
        })
        .is_some()
    }

    fn take(&mut self, meant: impl Fn(&Entry) -> bool) -> Option<Hit> {
        let mut hit = None;
        for entry in self.entries.iter_mut().filter(|entry| meant(entry)) {
            if entry.fault.skip > 0 {
                entry.fault.skip -= 1;
                continue;
            }
            if let Some(times) = &mut entry.fault.times {
                *times = times.saturating_sub(1); // never 0 before: checked when it was added
            }
            hit = Some(Hit {
                when: entry.fault.when,
                kind: entry.fault.kind.clone(),
            });
            break;
        }
        self.entries.retain(|entry| entry.fault.times != Some(0));
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(when: When, kind: FaultKind) -> Option<Hit> {
        Some(Hit { when, kind })
    }

    #[test]
    fn strikes_the_named_call_only_and_as_often_as_told() {
        let mut book = Book::default();
        book.add(Fault {
            times: Some(2),
            skip: 1,
            ..Fault::every("netex.create", When::After, FaultKind::Reset)
        })
        .unwrap();
        assert_eq!(book.strike("netex.replace"), None);
        assert_eq!(book.strike("netex.create"), None, "skipped");
        assert_eq!(
            book.strike("netex.create"),
            hit(When::After, FaultKind::Reset)
        );
        assert_eq!(
            book.strike("netex.create"),
            hit(When::After, FaultKind::Reset)
        );
        assert_eq!(book.strike("netex.create"), None, "spent");
        assert_eq!(book.waiting(), []);
    }

    #[test]
    fn the_first_added_wins_and_the_next_takes_over() {
        let mut book = Book::default();
        book.add(Fault::next("netex.*", When::Before, FaultKind::Close))
            .unwrap();
        book.add(Fault::every("*", When::Before, FaultKind::Hang))
            .unwrap();
        assert_eq!(
            book.strike("netex.get"),
            hit(When::Before, FaultKind::Close)
        );
        assert_eq!(book.strike("netex.get"), hit(When::Before, FaultKind::Hang));
        assert_eq!(
            book.strike("ispring.token"),
            hit(When::Before, FaultKind::Hang)
        );
        book.clear();
        assert_eq!(book.strike("netex.get"), None);
    }

    #[test]
    fn a_connection_fault_hits_no_request() {
        let mut book = Book::default();
        book.add(Fault::next(
            "netex.create",
            When::Before,
            FaultKind::ResetOnConnect,
        ))
        .unwrap();
        assert_eq!(book.strike("netex.create"), None);
        assert!(!book.strike_connection(Vendor::Ispring));
        assert!(book.strike_connection(Vendor::Netex));
        assert!(!book.strike_connection(Vendor::Netex));
    }

    #[test]
    fn refuses_what_could_never_act() {
        let mut book = Book::default();
        let typo = Fault::every("netex.craete", When::Before, FaultKind::Hang);
        assert_eq!(
            book.add(typo),
            Err(FaultRefused::UnknownOperation("netex.craete".to_owned()))
        );
        let unreachable = Fault::every("netex.malformed", When::Before, FaultKind::Hang);
        assert!(book.add(unreachable).is_err());
        let counted = Fault::next("*", When::Before, FaultKind::Refuse);
        assert_eq!(book.add(counted), Err(FaultRefused::RefuseCannotCount));
        let idle = Fault {
            times: Some(0),
            ..Fault::every("*", When::Before, FaultKind::Hang)
        };
        assert_eq!(book.add(idle), Err(FaultRefused::HitsNothing));
        let odd = Fault::next("*", When::Before, FaultKind::status(100));
        assert_eq!(book.add(odd), Err(FaultRefused::Status(100)));
        assert_eq!(book.waiting(), []);
    }
}
