use validate::closest;

const FIELDS: [&str; 6] = [
    "external_id",
    "name",
    "capacity",
    "postal_code",
    "contact_email",
    "id",
];

fn meant(word: &str) -> Option<&'static str> {
    closest(word, FIELDS.into_iter())
}

#[test]
fn typing_mistakes_find_their_word() {
    for (word, field) in [
        ("nmae", "name"),
        ("Name", "name"),
        ("names", "name"),
        ("capasity", "capacity"),
        ("externalId", "external_id"),
        ("EXTERNAL-ID", "external_id"),
        ("contactEmail", "contact_email"),
        ("postalcode", "postal_code"),
        ("ID", "id"),
    ] {
        assert_eq!(meant(word), Some(field), "{word}");
    }
}

#[test]
fn another_word_finds_none() {
    for word in ["", "x", "ok", "street", "_method", "___", "telephone"] {
        assert_eq!(meant(word), None, "{word}");
    }
    assert_eq!(closest("a", std::iter::empty()), None);
    assert_eq!(meant(&"name".repeat(1_000_000)), None);
}

#[test]
fn the_nearest_wins_and_the_first_of_equals() {
    assert_eq!(
        closest("name", ["nave", "name", "fame"].into_iter()),
        Some("name")
    );
    assert_eq!(closest("namo", ["name", "nama"].into_iter()), Some("name"));
}
