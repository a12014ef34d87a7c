use super::*;
use crate::metrics::Metrics;

struct Fixed(MemberGauges);

impl MemberGauged for Fixed {
    fn gauges(&self) -> MemberGauges {
        self.0
    }
}

struct Away;

impl StoreGauged for Away {
    fn gauges(&self) -> StoreGauges {
        StoreGauges {
            is_up: false,
            away: Duration::from_millis(2_500),
        }
    }
}

fn lines(metrics: &Metrics) -> Vec<String> {
    let text = String::from_utf8(metrics.text()).unwrap();
    let lines = text
        .lines()
        .filter(|line| line.starts_with("lms_gateway_shared_"));
    lines.map(str::to_owned).collect()
}

#[test]
fn without_a_store_nothing_of_it_is_there() {
    let metrics = Metrics::new().unwrap();
    assert_eq!(lines(&metrics), [""; 0]);
}

#[test]
fn every_series_stands_at_zero_before_anything_happened() {
    let metrics = Metrics::new().unwrap();
    metrics.shared.stand(vec!["a".into()], false);
    let (before, count) = (lines(&metrics), metrics.series());
    assert!(before.iter().all(|line| line.ends_with(" 0")), "{before:?}");
    for command in StoreCommand::ALL {
        for outcome in CommandOutcome::ALL {
            let time = Some(Duration::from_millis(1));
            metrics.shared.command(command, outcome, time);
        }
    }
    let member = metrics.shared.member("a");
    for coordination in WriteCoordination::ALL {
        member.write(coordination);
    }
    for reason in JoinReason::ALL {
        member.joined(reason);
    }
    member.lapsed();
    member.acknowledgement(Duration::from_millis(3));
    for result in KeyResult::ALL {
        metrics.shared.key(result);
    }
    for of in RateOf::ALL {
        for by in DecidedBy::ALL {
            metrics.shared.rates(of).decided(by);
        }
    }
    assert_eq!(metrics.series(), count, "no series is new");
    metrics.shared.stand(vec!["a".into()], true);
    let with_second_level = metrics.series();
    assert_eq!(with_second_level, count + SecondLevel::ALL.len());
    for result in SecondLevel::ALL {
        metrics.shared.value(result);
    }
    assert_eq!(metrics.series(), with_second_level);
}

#[test]
fn gauges_are_those_of_the_moment_of_the_scrape() {
    let metrics = Metrics::new().unwrap();
    metrics.shared.stand(vec!["a".into(), "b".into()], false);
    let store: Arc<dyn StoreGauged> = Arc::new(Away);
    metrics.shared.watch_store(&store);
    let member: Arc<dyn MemberGauged> = Arc::new(Fixed(MemberGauges {
        has_lease: true,
        lease_age: Duration::from_millis(250),
        held: 2,
        members: 3,
        ..MemberGauges::default()
    }));
    metrics.shared.watch_member("a", &member);
    let has = |line: &str| lines(&metrics).contains(&line.to_owned());
    for line in [
        "lms_gateway_shared_up 0",
        "lms_gateway_shared_away_seconds_total 2.5",
        "lms_gateway_shared_lease_held{upstream=\"a\"} 1",
        "lms_gateway_shared_lease_held{upstream=\"b\"} 0",
        "lms_gateway_shared_lease_age_seconds{upstream=\"a\"} 0.25",
        "lms_gateway_shared_open_writes{state=\"held\",upstream=\"a\"} 2",
        "lms_gateway_shared_members{upstream=\"a\"} 3",
    ] {
        assert!(has(line), "{line}: {:?}", lines(&metrics));
    }
    // A reload drops `b`.
    metrics.shared.stand(vec!["a".into()], false);
    assert!(!has("lms_gateway_shared_lease_held{upstream=\"b\"} 0"));
    assert!(has("lms_gateway_shared_lease_held{upstream=\"a\"} 1"));
    drop(member);
    assert!(has("lms_gateway_shared_lease_held{upstream=\"a\"} 0"));
}
