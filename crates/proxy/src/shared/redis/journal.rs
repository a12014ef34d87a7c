//! The journal of each account: a stream of entries, and a hash of the epoch, the last number and the members.

use std::sync::LazyLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use redis::{Value, cmd};
use tokio::time::{Instant, timeout};

use super::RedisStore;
use super::lane::{LIMIT, Replicated};
use super::reply::{bytes, items, list, number, text, unexpected};
use super::script::{Call, Script};
use crate::metrics::StoreCommand;
use crate::shared::name::{Account, Epoch, MemberId};
use crate::shared::store::StoreError;
use crate::shared::store::journal::{
    Appended, Beat, Beaten, Journal, JournalEntry, Members, Registration,
};
use crate::shared::timing::Timing;

macro_rules! script {
    ($file:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                include_str!("journal/common.lua"),
                include_str!($file)
            ))
        })
    };
}

static BEAT: LazyLock<Script> = script!("journal/beat.lua");
static APPEND: LazyLock<Script> = script!("journal/append.lua");
static MEMBERS: LazyLock<Script> = script!("journal/members.lua");
static REMOVE: LazyLock<Script> = script!("journal/remove.lua");

/// Of one beat: more comes with the next one. A reply without bounds would keep all others waiting for the server.
const ENTRIES: usize = 512;
const BYTES: usize = 512 * 1024;
/// An account that nobody is a member of is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 3600);
/// How many beats go by before the store is told again that the account is in use.
const REFRESH: u32 = 200;
/// How long replicas may take. A server looks ten times a second whether that time is over.
const REPLICATED: Duration = Duration::from_millis(100);
/// A blocked reading that has not come back so long after its time is lost.
const PATIENCE: Duration = Duration::from_millis(250);

impl RedisStore {
    fn call<'c>(
        &self,
        command: StoreCommand,
        script: &'c Script,
        account: &Account,
        arguments: Vec<Vec<u8>>,
    ) -> Call<'c> {
        Call {
            command,
            script,
            keys: self.names.journal(account),
            arguments,
            writes: matches!(command, StoreCommand::Beat | StoreCommand::Append),
        }
    }
}

fn replicated(replicas: u32) -> Option<Replicated> {
    let within = REPLICATED;
    (replicas > 0).then_some(Replicated { replicas, within })
}

fn fresh() -> Vec<u8> {
    Epoch::random().as_str().as_bytes().to_vec()
}

fn digits(number: impl ToString) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn seconds(time: Duration) -> Vec<u8> {
    digits(time.as_secs().max(1))
}

#[async_trait]
impl Journal for RedisStore {
    async fn beat(&self, beat: Beat<'_>) -> Result<Beaten, StoreError> {
        let started = Instant::now();
        let limit = Timing::BEAT;
        let links = self.lanes.account(beat.account);
        let ready = async {
            if !self.lanes.standing.is_open() {
                return None;
            }
            timeout(limit, links.beats.ready()).await.ok()
        };
        let live = ready.await.ok_or(StoreError::Away);
        let live = live.inspect_err(|error| self.lanes.not_sent(StoreCommand::Beat, error))?;
        let left = limit.saturating_sub(started.elapsed());
        let known = beat.position;
        let sent = links.sent.fetch_add(1, Ordering::Relaxed);
        let is_due = sent.is_multiple_of(REFRESH);
        let arguments = vec![
            fresh(),
            seconds(FORGOTTEN),
            beat.member.as_str().as_bytes().to_vec(),
            digits(rand::random::<u64>()),
            known.map_or_else(Vec::new, |at| at.epoch.as_str().as_bytes().to_vec()),
            known.map_or_else(Vec::new, |at| digits(at.number)),
            known.map_or_else(Vec::new, |at| at.id.as_bytes().to_vec()),
            digits(ENTRIES),
            digits(BYTES),
            digits(u8::from(is_due)),
        ];
        let call = self.call(StoreCommand::Beat, &BEAT, beat.account, arguments);
        let replicated = replicated(beat.replicas);
        let value = self
            .lanes
            .run_on((&links.beats, live), &call, left, replicated)
            .await?;
        beaten(value)
    }

    async fn wait(
        &self,
        account: &Account,
        after: &str,
        limit: Duration,
    ) -> Result<(), StoreError> {
        let started = Instant::now();
        let links = self.lanes.account(account);
        let live = timeout(limit, links.listens.ready()).await;
        let live = live.map_err(|_| StoreError::Away);
        let live = live.inspect_err(|error| self.lanes.not_sent(StoreCommand::Listen, error))?;
        let left = limit.saturating_sub(started.elapsed());
        // 0 is for ever.
        let block = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
        let keys = self.names.journal(account);
        let mut read = cmd("XREAD");
        read.arg("COUNT").arg(1).arg("BLOCK").arg(block);
        read.arg("STREAMS").arg(keys.first()).arg(after);
        let what = (&read, StoreCommand::Listen);
        self.lanes
            .send_on((&links.listens, live), what, left + PATIENCE)
            .await
            .map(drop)
    }

    async fn append(
        &self,
        account: &Account,
        record: &[u8],
        retention: Duration,
    ) -> Result<Appended, StoreError> {
        let arguments = vec![
            fresh(),
            seconds(FORGOTTEN),
            digits(retention.as_millis()),
            record.to_vec(),
        ];
        let call = self.call(StoreCommand::Append, &APPEND, account, arguments);
        let replicated = replicated(self.replicas);
        let link = self.lanes.appender();
        let value = self.lanes.run_by(link, &call, LIMIT, replicated).await?;
        let [epoch, last, members] = items(value)?;
        Ok(Appended {
            epoch: Epoch::named(&text(epoch)?),
            number: number(last)?,
            members: registered(members)?,
        })
    }

    async fn members(&self, account: &Account) -> Result<(Epoch, Members), StoreError> {
        let arguments = vec![fresh(), seconds(FORGOTTEN)];
        let call = self.call(StoreCommand::Members, &MEMBERS, account, arguments);
        let [epoch, members] = items(self.run(&call).await?)?;
        Ok((Epoch::named(&text(epoch)?), registered(members)?))
    }

    async fn remove(
        &self,
        account: &Account,
        member: &MemberId,
        token: Option<u64>,
    ) -> Result<(), StoreError> {
        let arguments = vec![
            member.as_str().as_bytes().to_vec(),
            token.map_or_else(Vec::new, digits),
        ];
        let call = self.call(StoreCommand::Remove, &REMOVE, account, arguments);
        let removed = self.run(&call).await;
        if token.is_none() {
            self.lanes.leave(account);
        }
        removed.map(drop)
    }
}

fn beaten(value: Value) -> Result<Beaten, StoreError> {
    let [epoch, age, kept, last, entries] = items(value)?;
    let entries = list(entries)?.into_iter().map(entry);
    Ok(Beaten {
        epoch: Epoch::named(&text(epoch)?),
        age: Duration::from_millis(number(age)?),
        kept_journal: number(kept)? == 1,
        last: number(last)?,
        entries: entries.collect::<Result<_, _>>()?,
    })
}

fn entry(value: Value) -> Result<JournalEntry, StoreError> {
    let [id, fields] = items(value)?;
    let mut count = None;
    let mut record = Vec::new();
    let mut fields = list(fields)?.into_iter();
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        match bytes(name)?.as_slice() {
            b"s" => count = Some(number(value)?),
            b"p" => record = bytes(value)?,
            // Of a later version.
            _ => {}
        }
    }
    Ok(JournalEntry {
        id: text(id)?,
        number: count.ok_or_else(|| unexpected("an entry of the journal has no number"))?,
        record: record.into(),
    })
}

/// Names and values of the hash, in turn; not all of it is about members.
fn registered(value: Value) -> Result<Members, StoreError> {
    let mut members = Members::new();
    let mut fields = list(value)?.into_iter();
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        let name = text(name)?;
        let Some(member) = name.strip_prefix("m:") else {
            continue;
        };
        let wrong = || unexpected("a member is registered otherwise than by us");
        let told = text(value)?;
        let (applied, token) = told.split_once(':').ok_or_else(wrong)?;
        let registration = Registration {
            applied: match applied {
                "-" => None,
                number => Some(number.parse().map_err(|_| wrong())?),
            },
            token: token.parse().map_err(|_| wrong())?,
        };
        members.insert(MemberId::named(member), registration);
    }
    Ok(members)
}
