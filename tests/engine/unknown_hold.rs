//! After a write of unknown outcome the vendor may still apply it: what it may change is neither stored nor
//! served from the store for a minute.

use crate::stage::{ROOM, Stage, get, replace};
use crate::vendor::{Step, answer, lost};

const TARGET: &str = "/v1/rooms/2145";
const NEW: &str = r#"{"id": 2145, "external_id": "pr001", "name": "Aula"}"#;

/// Each read is what the vendor has at this moment.
fn other() -> Step {
    answer(200, NEW)
}

#[tokio::test(start_paused = true)]
async fn reads_pass_the_cache_until_the_minute_is_over() {
    let looks = [other(), other(), other()];
    let reads = [other(), other(), answer(200, ROOM)];
    let steps = [other(), lost()].into_iter().chain(looks).chain(reads);
    let stage = Stage::new(steps);
    stage.send(get(TARGET)).await;
    let unknown = stage.send(replace()).await;
    assert_eq!(unknown.brief(), (600, 504, "unknown"));
    for at in [700, 60_599] {
        stage.until(at).await;
        let held = stage.send(get(TARGET)).await;
        let status = held.header("cache-status").to_owned();
        assert!(status.contains("fwd=bypass"), "{at}: {status}");
        assert!(!status.contains("stored"), "{at}: {status}");
    }
    // It came after all; what was read meanwhile is void.
    stage.until(60_600).await;
    let late = stage.send(get(TARGET)).await;
    assert_eq!(late.body["name"], "Sala 1");
    assert!(late.header("cache-status").contains("stored"));
    let kept = stage.send(get(TARGET)).await;
    assert!(kept.header("cache-status").contains("; hit"));
    assert_eq!(stage.calls().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_look_that_found_out_leaves_no_hold() {
    let stage = Stage::new([lost(), answer(200, ROOM), answer(200, ROOM)]);
    assert_eq!(stage.send(replace()).await.status, 204);
    let read = stage.send(get(TARGET)).await;
    assert!(read.header("cache-status").contains("stored"));
    let kept = stage.send(get(TARGET)).await;
    assert!(kept.header("cache-status").contains("; hit"));
}
