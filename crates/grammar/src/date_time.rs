//! Date and time of RFC 3339.

const SHAPE: &str = "it is not written `YYYY-MM-DDThh:mm:ss` with an offset `Z` or `±hh:mm`";

/// RFC 3339 section 5.6 `date-time`: a day of the calendar, a time and an offset. `Err` says what is
/// wrong.
pub fn check(text: &str) -> Result<(), &'static str> {
    let mut rest = Rest(text);
    let year = rest.digits(4)?;
    rest.one_of("-")?;
    let month = rest.digits(2)?;
    rest.one_of("-")?;
    let day = rest.digits(2)?;
    rest.one_of("Tt")?;
    let hour = rest.digits(2)?;
    rest.one_of(":")?;
    let minute = rest.digits(2)?;
    rest.one_of(":")?;
    let second = rest.digits(2)?;
    rest.fraction()?;
    let offset = rest.offset()?;

    if !(1..=12).contains(&month) {
        return Err("its month does not exist");
    }
    if day < 1 || day > days_of_month(year, month) {
        return Err("its day does not exist in that month");
    }
    if hour > 23 || minute > 59 || second > 60 {
        return Err("its time does not exist");
    }
    // A leap second is the last one of a UTC day (section 5.7).
    let minute_of_day = (hour * 60 + minute - offset).rem_euclid(24 * 60);
    if second == 60 && minute_of_day != 24 * 60 - 1 {
        return Err("its second 60 is not at the end of a UTC day");
    }
    Ok(())
}

/// RFC 3339 section 5.6 `full-date`, from 1970 on: the seconds from the epoch to its midnight in UTC. `Err`
/// says what is wrong.
pub fn midnight(text: &str) -> Result<u64, &'static str> {
    const DATE: &str = "it is not written `YYYY-MM-DD`";
    let mut rest = Rest(text);
    let mut part = |count: usize, separator: &str| {
        let number = rest.digits(count).map_err(|_| DATE)?;
        match separator.is_empty() {
            true if rest.0.is_empty() => Ok(number),
            true => Err(DATE),
            false => rest.one_of(separator).map(|_| number).map_err(|_| DATE),
        }
    };
    let (year, month, day) = (part(4, "-")?, part(2, "-")?, part(2, "")?);
    if !(1..=12).contains(&month) {
        return Err("its month does not exist");
    }
    if day < 1 || day > days_of_month(year, month) {
        return Err("its day does not exist in that month");
    }
    if year < 1970 {
        return Err("it is before 1970");
    }
    let days_of_year = |year| (1..=12).map(move |month| days_of_month(year, month));
    let years: i32 = (1970..year).flat_map(days_of_year).sum();
    let months: i32 = (1..month).map(|month| days_of_month(year, month)).sum();
    let days = u64::try_from(years + months + day - 1).map_err(|_| DATE)?;
    Ok(days * 24 * 60 * 60)
}

fn days_of_month(year: i32, month: i32) -> i32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn digits(&mut self, count: usize) -> Result<i32, &'static str> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(SHAPE)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SHAPE);
        }
        self.0 = rest;
        digits.parse().map_err(|_| SHAPE)
    }

    fn one_of(&mut self, allowed: &str) -> Result<char, &'static str> {
        let mut characters = self.0.chars();
        let next = characters
            .next()
            .filter(|next| allowed.contains(*next))
            .ok_or(SHAPE)?;
        self.0 = characters.as_str();
        Ok(next)
    }

    fn fraction(&mut self) -> Result<(), &'static str> {
        let Some(behind_point) = self.0.strip_prefix('.') else {
            return Ok(());
        };
        let rest = behind_point.trim_start_matches(|digit: char| digit.is_ascii_digit());
        if rest.len() == behind_point.len() {
            return Err(SHAPE);
        }
        self.0 = rest;
        Ok(())
    }

    /// The offset in minutes; nothing may follow it.
    fn offset(&mut self) -> Result<i32, &'static str> {
        let sign = match self
            .one_of("Zz+-")
            .map_err(|_| "it has no offset `Z` or `±hh:mm`")?
        {
            '+' => 1,
            '-' => -1,
            _ => return self.end(0),
        };
        let hours = self.digits(2)?;
        self.one_of(":")?;
        let minutes = self.digits(2)?;
        if hours > 23 || minutes > 59 {
            return Err("its offset does not exist");
        }
        self.end(sign * (hours * 60 + minutes))
    }

    fn end(&self, offset: i32) -> Result<i32, &'static str> {
        if self.0.is_empty() {
            Ok(offset)
        } else {
            Err(SHAPE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check, midnight};

    #[test]
    fn date_times() {
        for good in [
            "2023-03-31T15:30:00-07:00",
            "2023-04-11T12:30:00+03:00",
            "2024-02-29t23:59:60z",
            "1998-12-31T15:59:60.123-08:00",
            "2000-02-29T00:00:00.123456789Z",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "2023-03-31",
            "2023-03-31T15:30:00",
            "2023-03-31 15:30:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z",
            "2023-01-00T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T00:60:00Z",
            "2023-01-01T00:00:61Z",
            "1998-12-31T23:58:60Z",
            "1998-12-31T23:59:60+03:00",
            "2023-01-01T00:00:00.Z",
            "2023-01-01T00:00:00+24:00",
            "2023-01-01T00:00:00+0300",
            "2023-01-01T00:00:00Z ",
            "+023-01-01T00:00:00Z",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_date_is_its_midnight_in_utc() {
        // Checked with `date -u -d 2026-11-01 +%s` and the like.
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2000-03-01", 951_868_800),
            ("2026-11-01", 1_793_491_200),
            ("9999-12-31", 253_402_214_400),
        ] {
            assert_eq!(midnight(text), Ok(seconds), "{text}");
        }
        for text in [
            "1969-12-31",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-1",
            "2026-11-01Z",
            "20261101",
            "",
        ] {
            assert!(midnight(text).is_err(), "{text}");
        }
    }
}
