//! What every store promises, whatever it is made of: the real one and the one in memory are held to the same, so that
//! what is shown with the one is true of the other. Each promise takes an account of its own.

mod journal;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use proxy::shared::{Account, Journal};

type Promise = fn(Arc<dyn Journal>, Account) -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! promises {
    ($($module:ident::$name:ident,)+) => {
        const ALL: &[(&str, Promise)] = &[
            $((stringify!($name), |store, account| Box::pin($module::$name(store, account))),)+
        ];
    };
}

promises! {
    journal::a_beat_registers_and_brings_what_is_behind_its_position,
    journal::numbers_have_no_gaps_whoever_appends,
    journal::an_append_names_who_is_registered_at_that_moment,
    journal::a_member_is_taken_off_only_as_it_was_seen,
    journal::what_is_too_much_for_one_beat_comes_with_the_next,
    journal::whoever_listens_is_woken_by_an_entry,
    journal::a_position_of_another_epoch_is_none,
    journal::accounts_know_nothing_of_each_other,
}

/// Holds a store to all of them.
pub async fn hold(store: Arc<dyn Journal>) {
    for (name, promise) in ALL {
        eprintln!("  {name}");
        promise(store.clone(), Account::new("https://v.example", name)).await;
    }
}
