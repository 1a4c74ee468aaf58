//! Numbers with units: bandwidths and latencies that are read, bits and seconds that are shown. [DS-COST-6]

use crate::error::CliError;
use crate::printable::Name;
use clap::ValueEnum;

/// A line between server and client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Its name, or `custom`.
    pub name: &'static str,
    /// Bits a second, both directions together.
    pub bandwidth: f64,
    /// Seconds that a message takes one way.
    pub latency: f64,
}

/// Lines with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// 1 Gbit/s, 0.2 ms one way: one data centre
    Lan,
    /// 100 Mbit/s, 20 ms one way: two cities
    Wan,
    /// 20 Mbit/s, 40 ms one way: a telephone
    Mobile,
}

impl Preset {
    /// The line.
    pub fn link(self) -> Link {
        match self {
            Preset::Lan => Link { name: "lan", bandwidth: 1e9, latency: 0.2e-3 },
            Preset::Wan => Link { name: "wan", bandwidth: 100e6, latency: 20e-3 },
            Preset::Mobile => Link { name: "mobile", bandwidth: 20e6, latency: 40e-3 },
        }
    }
}

impl Link {
    /// A preset, with another bandwidth or latency if one is given.
    ///
    /// # Errors
    /// [`CliError::Argument`] for a number without a unit, or one that is none.
    pub fn new(preset: Preset, bandwidth: Option<&str>, latency: Option<&str>) -> Result<Link, CliError> {
        let mut link = preset.link();
        if let Some(text) = bandwidth {
            let rule =
                "a bandwidth is a number above 0 with its unit bit, kbit, Mbit or Gbit a second, such as 100Mbit";
            let units = [("Gbit", 1e9), ("Mbit", 1e6), ("kbit", 1e3), ("bit", 1.0)];
            let number = text.strip_suffix("/s").unwrap_or(text);
            let found = parse(number, &units).filter(|bits| *bits > 0.0);
            link.bandwidth = found.ok_or_else(|| argument("--bandwidth", text, rule))?;
        }
        if let Some(text) = latency {
            let rule = "a latency is a number with its unit us, ms or s, one way, such as 20ms";
            let found = parse(text, &[("us", 1e-6), ("ms", 1e-3), ("s", 1.0)]);
            link.latency = found.ok_or_else(|| argument("--latency", text, rule))?;
        }
        let name = if bandwidth.is_some() || latency.is_some() { "custom" } else { link.name };
        Ok(Link { name, ..link })
    }

    /// Rounds times latency, plus bits over bandwidth. [DS-COST-6]
    pub fn seconds(&self, rounds: u32, bits: u64) -> f64 {
        f64::from(rounds) * self.latency + bits as f64 / self.bandwidth
    }

    /// The line in words.
    pub fn words(&self) -> String {
        format!("{}/s, {} one way", bits_f(self.bandwidth), seconds(self.latency))
    }
}

/// A number, 0 or more, and one of the units.
fn parse(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let plain = number.trim();
    let digits = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    let value: f64 = plain.parse().ok().filter(|_| digits)?;
    Some(value * factor).filter(|value| value.is_finite())
}

fn argument(option: &str, text: &str, rule: &str) -> CliError {
    CliError::Argument { argument: Name(format!("{option} {text}")), rule: rule.to_owned() }
}

/// Bits with a decimal unit, three digits that count: 12.3 Mbit.
pub fn bits(bits: u64) -> String {
    bits_f(bits as f64)
}

fn bits_f(bits: f64) -> String {
    scaled(bits, &[(1e15, "Pbit"), (1e12, "Tbit"), (1e9, "Gbit"), (1e6, "Mbit"), (1e3, "kbit"), (1.0, "bit")])
}

/// Seconds with a unit, three digits that count: 12.3 ms, 45.6 min.
pub fn seconds(seconds: f64) -> String {
    scaled(seconds, &[(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "us")])
}

/// The number in the largest unit of which it has at least one, with three digits that count.
fn scaled(value: f64, units: &[(f64, &str)]) -> String {
    // what rounds up to 1000 of a unit is 1 of the next
    let unit = units.iter().find(|(unit, _)| value >= 0.9995 * unit).or(units.last());
    let Some((factor, name)) = unit else { return value.to_string() };
    let number = value / factor;
    let text = match number {
        _ if *name == "bit" || number >= 99.95 => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ if number == 0.0 => "0".to_owned(),
        _ => format!("{number:.2}"),
    };
    format!("{text} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_three_digits() {
        let shown = [0, 7, 999, 1000, 1234, 99_940, 99_960, 999_499, 999_500, 25_000_000_000_000].map(bits);
        let expected = [
            "0 bit",
            "7 bit",
            "999 bit",
            "1.00 kbit",
            "1.23 kbit",
            "99.9 kbit",
            "100 kbit",
            "999 kbit",
            "1.00 Mbit",
            "25.0 Tbit",
        ];
        assert_eq!(shown, expected);
        let times = [0.0, 0.02, 0.0002, 12.0, 61.0, 5400.0, 4_533_888.0].map(seconds);
        assert_eq!(times, ["0 us", "20.0 ms", "200 us", "12.0 s", "1.02 min", "1.50 h", "52.5 d"]);
    }

    #[test]
    fn units_are_needed() {
        let link = |bandwidth, latency| Link::new(Preset::Lan, bandwidth, latency);
        let custom = Link { name: "custom", bandwidth: 2.5e6, latency: 0.2e-3 };
        assert_eq!(link(Some("2.5Mbit"), None).unwrap(), custom);
        assert_eq!(link(Some("2500kbit/s"), None).unwrap(), custom);
        assert_eq!(link(None, Some("0ms")).unwrap().latency, 0.0);
        assert_eq!(link(None, None).unwrap().name, "lan");
        for text in ["100", "0Mbit", "-1Mbit", "Mbit", "1e3Mbit", "infMbit", "1 000Mbit", "10MB", ".bit"] {
            assert!(link(Some(text), None).unwrap_err().to_string().contains("such as 100Mbit"), "{text}");
        }
        for text in ["20", "-1ms", "ms", "20 min", "nans"] {
            assert!(link(None, Some(text)).unwrap_err().to_string().contains("such as 20ms"), "{text}");
        }
    }

    #[test]
    fn time_is_latency_by_rounds_and_bits_by_bandwidth() {
        assert!((Preset::Wan.link().seconds(10, 200_000_000) - 2.2).abs() < 1e-9);
    }
}
