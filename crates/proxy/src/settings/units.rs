//! Sizes as people write them.

/// `512B`, `8KiB`, `1MiB`.
pub fn size(text: &str) -> Option<usize> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: usize = number.parse().ok()?;
    let factor: usize = match unit.trim_start() {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_needs_its_unit() {
        assert_eq!(size("8KiB"), Some(8192));
        assert_eq!(size("2 MiB"), Some(2 << 20));
        for bad in ["8", "8KB", "KiB", "-1B"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }
}
