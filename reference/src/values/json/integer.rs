//! Integers and counts in files.

use std::fmt;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{NOT_AN_INTEGER, does_not_fit, is_decimal};

/// The largest count, 2^53 - 1; also the largest magnitude that is written as a number.
const MAX_COUNT: u64 = (1 << 53) - 1;

/// An *integer* of the formats: a JSON number or a decimal string. Written as a number if its magnitude is below 2^53,
/// so that every JSON reader keeps it exact, else as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer(pub(crate) i64);

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.unsigned_abs() <= MAX_COUNT {
            return serializer.serialize_i64(self.0);
        }
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Integer, D::Error> {
        deserializer.deserialize_any(IntegerVisitor)
    }
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = Integer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, as a number or a decimal string")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Integer, E> {
        Ok(Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Integer, E> {
        i64::try_from(value).map(Integer).map_err(|_| E::custom(does_not_fit(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Integer, E> {
        Err(E::custom(NOT_AN_INTEGER))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Integer, E> {
        if !is_decimal(text) {
            return Err(E::invalid_value(Unexpected::Str(text), &self));
        }
        text.parse().map(Integer).map_err(|_| E::custom(does_not_fit(text)))
    }
}

/// A *count* of the formats: a JSON number from 0 to 2^53 - 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Count(u64);

impl Count {
    /// The count of a `u64`; exact in a file up to 2^53 - 1.
    pub(crate) fn new(value: u64) -> Count {
        Count(value)
    }

    /// The count.
    pub(crate) fn get(self) -> u64 {
        self.0
    }

    /// The count as an index or a size. Where `usize` is too small it becomes `usize::MAX`, which is out of range for
    /// every list and too large for every shape, as the count itself is.
    pub(crate) fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl From<usize> for Count {
    fn from(value: usize) -> Count {
        Count(value as u64)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        deserializer.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count, a number from 0 to 2^53 - 1")
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Count, E> {
        if value > MAX_COUNT {
            return Err(E::invalid_value(Unexpected::Unsigned(value), &self));
        }
        Ok(Count(value))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Count, E> {
        Err(E::custom(NOT_AN_INTEGER))
    }
}

/// A list of exactly N counts, such as a shape `[channels, height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CountList<const N: usize>(pub(crate) [Count; N]);

impl<const N: usize> Serialize for CountList<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0)
    }
}

impl<'de, const N: usize> Deserialize<'de> for CountList<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CountList<N>, D::Error> {
        deserializer.deserialize_seq(CountListVisitor::<N>)
    }
}

struct CountListVisitor<const N: usize>;

impl<'de, const N: usize> Visitor<'de> for CountListVisitor<N> {
    type Value = CountList<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {N} counts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<CountList<N>, A::Error> {
        let mut counts = [Count(0); N];
        for (position, count) in counts.iter_mut().enumerate() {
            *count = list.next_element()?.ok_or_else(|| A::Error::invalid_length(position, &self))?;
        }
        let mut found = N;
        while list.next_element::<IgnoredAny>()?.is_some() {
            found += 1;
        }
        if found > N { Err(A::Error::invalid_length(found, &self)) } else { Ok(CountList(counts)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{JsonError, parse};
    use super::*;

    fn message<T: serde::de::DeserializeOwned + fmt::Debug>(text: &str) -> String {
        match parse::<T>(text).unwrap_err() {
            JsonError::Structure { message, .. } => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn integers_are_numbers_or_decimal_strings() {
        for (text, value) in [
            ("0", 0),
            ("-7", -7),
            ("\"-7\"", -7),
            ("\"0\"", 0),
            ("\"10\"", 10),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("\"9223372036854775807\"", i64::MAX),
            ("\"-9223372036854775808\"", i64::MIN),
        ] {
            assert_eq!(parse::<Integer>(text), Ok(Integer(value)), "{text}");
        }
    }

    #[test]
    fn other_strings_are_no_integers() {
        for text in ["", "-", "+7", "007", "-0", "-07", "00", " 7", "7 ", "1.0", "1e3", "0x1", "seven", "7a", "\u{663}"]
        {
            let expected =
                format!("invalid value: string {text:?}, expected an integer, as a number or a decimal string");
            assert_eq!(message::<Integer>(&format!("\"{text}\"")), expected.replace("\\u{663}", "\u{663}"));
        }
        assert_eq!(
            message::<Integer>("null"),
            "invalid type: null, expected an integer, as a number or a decimal string"
        );
    }

    #[test]
    fn an_integer_beyond_64_bits_is_quoted() {
        for number in [
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "99999999999999999999",
            "-99999999999999999999",
        ] {
            let expected = format!("value {number} does not fit 64 bits");
            assert_eq!(message::<Integer>(number), expected);
            assert_eq!(message::<Integer>(&format!("\"{number}\"")), expected);
            assert_eq!(message::<Vec<Integer>>(&format!("[\n1, {number} ,2]")), expected);
        }
    }

    #[test]
    fn fractions_exponents_and_negative_zero_are_no_integers() {
        for number in ["1.0", "1e3", "1E+3", "2.5e-1", "-0", "-0.0", "0e0"] {
            let expected =
                format!("value {number} is not accepted: integers have no fraction, no exponent and no negative zero");
            assert_eq!(message::<Integer>(number), expected);
            assert_eq!(message::<Count>(number), expected);
        }
    }

    #[test]
    fn integers_are_written_as_numbers_below_2_to_53() {
        for (value, text) in [
            (0, "0"),
            (-1, "-1"),
            ((1 << 53) - 1, "9007199254740991"),
            (1 - (1 << 53), "-9007199254740991"),
            (1 << 53, "\"9007199254740992\""),
            (-(1 << 53), "\"-9007199254740992\""),
            (i64::MIN, "\"-9223372036854775808\""),
        ] {
            assert_eq!(serde_json::to_string(&Integer(value)).unwrap(), text);
            assert_eq!(parse::<Integer>(text), Ok(Integer(value)));
        }
    }

    #[test]
    fn counts_reach_from_0_to_2_to_53_minus_1() {
        for value in [0, 1, 9_007_199_254_740_991] {
            let count: Count = parse(&value.to_string()).unwrap();
            assert_eq!((count.get(), count.size() as u64), (value, value));
            assert_eq!(serde_json::to_string(&Count::new(value)).unwrap(), value.to_string());
        }
        let expected = "expected a count, a number from 0 to 2^53 - 1";
        assert_eq!(
            message::<Count>("9007199254740992"),
            format!("invalid value: integer `9007199254740992`, {expected}")
        );
        assert_eq!(message::<Count>("-1"), format!("invalid type: integer `-1`, {expected}"));
        assert_eq!(message::<Count>("\"1\""), format!("invalid type: string \"1\", {expected}"));
        assert_eq!(message::<Count>("99999999999999999999"), "value 99999999999999999999 does not fit 64 bits");
        assert_eq!(Count::from(5_usize), Count::new(5));
    }

    #[test]
    fn a_count_list_has_exactly_its_length() {
        let list = CountList([Count::new(1), Count::new(2), Count::new(3)]);
        assert_eq!(parse::<CountList<3>>("[1, 2, 3]"), Ok(list));
        assert_eq!(serde_json::to_string(&list).unwrap(), "[1,2,3]");
        for (text, length) in [("[]", 0), ("[1, 2]", 2), ("[1, 2, 3, 4]", 4), ("[1, 2, 3, null, {}]", 5)] {
            let expected = format!("invalid length {length}, expected a list of 3 counts");
            assert_eq!(message::<CountList<3>>(text), expected);
        }
        assert_eq!(message::<CountList<3>>("7"), "invalid type: integer `7`, expected a list of 3 counts");
    }
}
