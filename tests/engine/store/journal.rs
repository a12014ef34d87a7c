//! The journal of each account, as the scripts of the real store keep it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use proxy::shared::{
    Account, Appended, Beat, Beaten, Epoch, Journal, JournalEntry, MemberId, Members, Registration,
    StoreError,
};
use tokio::time::{Instant, timeout_at};

use super::data::{Data, EpochData, Kept, Told, entry};
use super::faults::Part;
use super::{MemoryStore, State};

/// So many entries come with one beat.
const AT_ONCE: usize = 100;

impl State {
    /// The account's data on a server, in an epoch of now.
    fn account(&mut self, server: usize, account: &Account) -> (&mut Data, EpochData) {
        let name = (self.epoch(), self.age_of_new);
        let server = &mut self.servers[server];
        let replid = server.replid.clone();
        let data = server.accounts.entry(account.clone()).or_default();
        let epoch = data.renew(&replid, name);
        (data, epoch)
    }
}

fn members(data: &Data, epoch: &EpochData) -> Members {
    let list = data.members.iter().map(|(member, told)| {
        let applied = told.applied.filter(|_| told.epoch == epoch.name);
        let token = told.token;
        (member.clone(), Registration { applied, token })
    });
    list.collect()
}

fn behind(data: &Data, from: Option<u64>) -> Vec<JournalEntry> {
    let journal = data.journal.iter().flatten();
    let behind = journal.filter(|kept| from.is_none_or(|from| kept.entry.number > from));
    behind
        .map(|kept| kept.entry.clone())
        .take(AT_ONCE)
        .collect()
}

#[async_trait]
impl Journal for MemoryStore {
    async fn beat(&self, beat: Beat<'_>) -> Result<Beaten, StoreError> {
        self.command(Part::Beat, |state, server| {
            let (data, epoch) = state.account(server, beat.account);
            let known = beat.position.filter(|at| at.epoch == epoch.name);
            data.tokens += 1;
            let told = Told {
                epoch: epoch.name.clone(),
                applied: known.map(|at| at.number),
                token: data.tokens,
            };
            data.members.insert(beat.member.clone(), told);
            Ok(Beaten {
                age: epoch.age(),
                kept_journal: epoch.kept_journal,
                last: data.last,
                entries: behind(data, known.map(|at| at.number)),
                epoch: epoch.name,
            })
        })
        .await
    }

    async fn wait(
        &self,
        account: &Account,
        after: &str,
        limit: Duration,
    ) -> Result<(), StoreError> {
        let end = Instant::now() + limit;
        let number = after.split('-').next().and_then(|text| text.parse().ok());
        let number: u64 = number.unwrap_or(0);
        loop {
            let mut news = std::pin::pin!(self.world.news.notified());
            news.as_mut().enable();
            let (away, deaf, server) = {
                let faults = self.faults.lock().unwrap();
                let deaf = faults.deaf || faults.stands_still;
                (faults.away, deaf, faults.stays_with)
            };
            if away {
                return Err(StoreError::Away);
            }
            let there = {
                let state = self.state();
                let server = &state.servers[server.unwrap_or(state.primary)];
                let data = server.accounts.get(account);
                data.is_some_and(|data| !behind(data, Some(number)).is_empty())
            };
            if there && !deaf {
                return Ok(());
            }
            if timeout_at(end, news).await.is_err() {
                return Ok(());
            }
        }
    }

    async fn append(
        &self,
        account: &Account,
        record: &[u8],
        retention: Duration,
    ) -> Result<Appended, StoreError> {
        let record: Arc<[u8]> = record.into();
        self.command(Part::Append, |state, server| {
            let (data, epoch) = state.account(server, account);
            data.last += 1;
            let (number, now) = (data.last, Instant::now());
            let journal = data.journal.get_or_insert_default();
            journal.push(Kept {
                entry: entry(number, record),
                at: now,
            });
            journal.retain(|kept| now.duration_since(kept.at) < retention);
            Ok(Appended {
                number,
                members: members(data, &epoch),
                epoch: epoch.name,
            })
        })
        .await
    }

    async fn members(&self, account: &Account) -> Result<(Epoch, Members), StoreError> {
        self.command(Part::Members, |state, server| {
            let (data, epoch) = state.account(server, account);
            let members = members(data, &epoch);
            Ok((epoch.name, members))
        })
        .await
    }

    async fn remove(
        &self,
        account: &Account,
        member: &MemberId,
        token: Option<u64>,
    ) -> Result<(), StoreError> {
        self.command(Part::Remove, |state, server| {
            let (data, _) = state.account(server, account);
            let same = |told: &Told| token.is_none_or(|token| told.token == token);
            if data.members.get(member).is_some_and(same) {
                data.members.remove(member);
            }
            Ok(())
        })
        .await
    }
}

/// For tests that look into the journal.
impl MemoryStore {
    /// The records of an account on the server that this way leads to.
    pub fn records(&self, account: &Account) -> Vec<JournalEntry> {
        let server = self.faults.lock().unwrap().stays_with;
        let state = self.state();
        let data = state.servers[server.unwrap_or(state.primary)]
            .accounts
            .get(account);
        let journal = data.and_then(|data| data.journal.as_ref());
        let kept = journal.into_iter().flatten();
        kept.map(|kept| kept.entry.clone()).collect()
    }

    /// Who is registered there.
    pub fn registered(&self, account: &Account) -> Vec<MemberId> {
        let server = self.faults.lock().unwrap().stays_with;
        let state = self.state();
        let data = state.servers[server.unwrap_or(state.primary)]
            .accounts
            .get(account);
        data.map(|data| data.members.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The journal's entries up to this number are gone.
    pub fn trim(&self, account: &Account, number: u64) {
        let mut state = self.state();
        let at = state.primary;
        if let Some(data) = state.servers[at].accounts.get_mut(account)
            && let Some(journal) = &mut data.journal
        {
            journal.retain(|kept| kept.entry.number > number);
        }
    }

    /// The journal alone is gone, and nothing else.
    pub fn lose_journal(&self, account: &Account) {
        let mut state = self.broken();
        let at = state.primary;
        if let Some(data) = state.servers[at].accounts.get_mut(account) {
            data.journal = None;
        }
    }
}
