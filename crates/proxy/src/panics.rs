//! Panics in the log: one line each, as everything else, and never on a standard error that blocks.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From here on a panic is an `ERROR` line. Of its message only what our code says is logged: a
/// formatted one may quote a caller's or a vendor's text.
pub fn log_them() {
    std::panic::set_hook(Box::new(|info| {
        let place = place(info);
        // A thread that ends has no place for it any more.
        let _ = LAST.try_with(|last| last.replace(Some(place.clone())));
        let message = info.payload().downcast_ref::<&'static str>();
        tracing::error!(%place, said = message.copied(), "a panic: this is a bug of the gateway");
    }));
}

/// Where this thread panicked last; taken, so that it is logged once.
pub fn last_place() -> Option<String> {
    LAST.try_with(RefCell::take).ok().flatten()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(
        || "an unknown place".to_owned(),
        |location| format!("{}:{}", location.file(), location.line()),
    )
}
