//! What a write makes void, here and at the other members.

use std::sync::Arc;

use super::read_cache::ReadCache;
use super::tags;
use crate::cache::{PendingWrite, Tag};
use crate::engine::accept::invocation::Invocation;
use crate::engine::runtime::Memberships;
use crate::shared::{Scope, Touched};

/// A write is about to run, under a key or not. Whatever becomes of it, also a panic, its end
/// reaches the fence when the guard is dropped. With a store the other members are to be told, too: of all accounts
/// that it touches, whatever this contract keeps of them.
pub fn begin(cache: &ReadCache, write: Invocation<'_>) -> (PendingWrite, Option<Vec<Touched>>) {
    let runtime = write.runtime;
    let hold = runtime.settings.cache.unknown_hold;
    let (fences, generation) = (&cache.cache.fences, runtime.generation);
    let changes = tags::written(write);
    let Some(memberships) = &runtime.memberships else {
        let pending = PendingWrite::begin(fences, generation, changes, hold);
        return (pending, None);
    };
    let accounts = by_account(write, memberships, &changes);
    let everywhere = accounts.iter().filter_map(|(at, tags)| {
        let account = memberships.at(*at)?.membership.account();
        Some((account.clone(), tags.clone()))
    });
    let everywhere = everywhere.collect();
    let pending = PendingWrite::begin(fences, generation, changes, hold).of_accounts(everywhere);
    let touched = accounts.iter().filter_map(|(at, tags)| {
        let account = memberships.at(*at)?;
        Some(Touched {
            membership: account.membership.clone(),
            scope: Scope::Tags(tags.iter().map(|tag| tag.to_string().into()).collect()),
        })
    });
    (pending, Some(touched.collect()))
}

/// Which accounts a write touches, each with the tags of all its upstreams: under whatever name something was read,
/// it is the same thing.
fn by_account(
    write: Invocation<'_>,
    memberships: &Memberships,
    changes: &[(&Arc<str>, Vec<Tag>)],
) -> Vec<(usize, Vec<Tag>)> {
    let create = write.binding().create_if_absent();
    let create = create.map(|create| &write.runtime.operation(create.operation).binding.upstream);
    let own = [Some(&write.binding().upstream), create];
    let own = own
        .into_iter()
        .flatten()
        .map(|upstream| (upstream, &[][..]));
    let changes = changes.iter().map(|(upstream, tags)| (*upstream, &**tags));
    let mut accounts: Vec<(usize, Vec<Tag>)> = Vec::new();
    for (upstream, tags) in own.chain(changes) {
        let Some(account) = memberships.of_upstream(upstream) else {
            continue;
        };
        let known = accounts.iter().position(|(at, _)| *at == account);
        let known = known.unwrap_or_else(|| {
            accounts.push((account, Vec::new()));
            accounts.len() - 1
        });
        if let Some((_, all)) = accounts.get_mut(known) {
            for tag in tags {
                if !all.contains(tag) {
                    all.push(tag.clone());
                }
            }
        }
    }
    accounts
}
