//! Medians and quartiles.

use std::fmt;

/// The middle of some figures, and the quarters around it. It prints as `1.20 (1.15–1.31)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub lower: f64,
    pub median: f64,
    pub upper: f64,
}

impl Spread {
    /// `None` without a figure.
    #[must_use]
    pub fn of(mut figures: Vec<f64>) -> Option<Self> {
        figures.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (figures.len().checked_sub(1)?) as f64;
            let (below, above) = (
                figures.get(place.floor() as usize)?,
                figures.get(place.ceil() as usize)?,
            );
            Some(below + (above - below) * place.fract())
        };
        Some(Self {
            lower: at(0.25)?,
            median: at(0.5)?,
            upper: at(0.75)?,
        })
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lower,
            median,
            upper,
        } = self;
        write!(f, "{median:.2} ({lower:.2}–{upper:.2})")
    }
}

/// The slope of the straight line that lies closest (least squares) to points of x and y.
#[must_use]
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (middle, height) = (mean(|point| point.0), mean(|point| point.1));
    let rise: f64 = points
        .iter()
        .map(|(x, y)| (x - middle) * (y - height))
        .sum();
    let run: f64 = points.iter().map(|(x, _)| (x - middle).powi(2)).sum();
    rise / run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_figures() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!(
            (spread.lower, spread.median, spread.upper),
            (1.75, 2.5, 3.25)
        );
        assert_eq!(spread.to_string(), "2.50 (1.75–3.25)");
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn the_slope_of_a_line_is_its_own() {
        let line: Vec<(f64, f64)> = [1.0, 2.0, 5.0].map(|x| (x, 3.0 * x + 7.0)).to_vec();
        assert!((slope(&line) - 3.0).abs() < 1e-9);
    }
}
