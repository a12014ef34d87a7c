//! Figures as people read them.

/// For example `3 d 4 h`, `4 h 5 min`, `5 min 6 s`, `6 s`.
pub fn duration_in_words(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else if hours > 0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {} s", seconds % 60)
    } else {
        format!("{seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_largest_units_are_told() {
        for (seconds, words) in [
            (0, "0 s"),
            (61, "1 min 1 s"),
            (7_200, "2 h 0 min"),
            (273_600, "3 d 4 h"),
        ] {
            assert_eq!(duration_in_words(seconds), words);
        }
    }
}
