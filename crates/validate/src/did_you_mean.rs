/// Words longer than this are not compared: the comparison costs length times length, and no field
/// has such a name.
const MAX_CHARACTERS: usize = 64;

/// The known word that `word` was most likely meant to be: one that differs only in case, `_` and
/// `-`, else the nearest within a third of its length (insertions, deletions, replacements, swaps).
pub fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().take(MAX_CHARACTERS + 1).count();
    if length > MAX_CHARACTERS {
        return None;
    }
    let furthest = length.max(3) / 3;
    let folded = fold(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let candidate_length = candidate.chars().take(2 * MAX_CHARACTERS).count();
        if candidate_length.abs_diff(length) > furthest.max(4) {
            continue;
        }
        let distance = if folded == fold(candidate) {
            0
        } else {
            strsim::osa_distance(&folded, &fold(candidate))
        };
        // A replacement of every letter is another word (`id` is not `ok`).
        let related = distance == 0 || distance < folded.chars().count();
        if related && distance <= furthest && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> String {
    word.chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}
