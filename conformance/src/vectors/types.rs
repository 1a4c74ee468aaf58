//! How values stand in vectors: the encoding depends on the type alone. [DS-VEC-4]

use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::Width;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt::Display;
use std::str::FromStr;

/// The most bits that a count has: every JSON reader keeps such a number exact.
const MAX_COUNT: u64 = (1 << 53) - 1;

/// A number in decimal, as a string, in its one canonical form.
fn decimal<'de, D: Deserializer<'de>, T: FromStr + Display>(source: D) -> Result<T, D::Error> {
    let text = String::deserialize(source)?;
    let number: Option<T> = text.parse().ok();
    let canonical = number.filter(|number| number.to_string() == text);
    canonical.ok_or_else(|| {
        D::Error::custom(format!("{text:?} is no number in canonical decimal form of the type asked for"))
    })
}

/// A ring element's representative, in decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Element(#[schemars(with = "String", regex(pattern = "^(0|[1-9][0-9]{0,19})$"))] pub u64);

/// A signed integer, in decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Integer(#[schemars(with = "String", regex(pattern = "^(0|-?[1-9][0-9]{0,18})$"))] pub i64);

/// An unsigned number of 64 bits that is no ring element, in decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Number(#[schemars(with = "String", regex(pattern = "^(0|[1-9][0-9]{0,19})$"))] pub u64);

/// Bits, position 0 first.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Bits(#[schemars(with = "String", regex(pattern = "^[01]*$"))] pub Vec<bool>);

/// Bytes in small hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Bytes(#[schemars(with = "String", regex(pattern = "^([0-9a-f]{2})*$"))] pub Vec<u8>);

/// A public number that fits 53 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Count(#[schemars(range(max = 9_007_199_254_740_991_u64))] pub u64);

macro_rules! decimal_string {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                target.collect_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<$name, D::Error> {
                decimal(source).map($name)
            }
        }
    };
}
decimal_string!(Element);
decimal_string!(Integer);
decimal_string!(Number);

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|&bit| if bit { '1' } else { '0' }).collect();
        target.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for Bits {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Bits, D::Error> {
        let bit = |digit| match digit {
            '0' => Ok(false),
            '1' => Ok(true),
            other => Err(D::Error::custom(format!("bits are 0 and 1, found {other:?}"))),
        };
        String::deserialize(source)?.chars().map(bit).collect::<Result<_, _>>().map(Bits)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(source)?;
        let bytes = hex::decode(&text).ok().filter(|bytes| hex::encode(bytes) == text);
        bytes.map(Bytes).ok_or_else(|| D::Error::custom("bytes are pairs of small hexadecimal digits"))
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Count, D::Error> {
        let number = u64::deserialize(source)?;
        let too_large = || D::Error::custom(format!("{number} does not fit 53 bits"));
        (number <= MAX_COUNT).then_some(Count(number)).ok_or_else(too_large)
    }
}

impl Count {
    /// The count as a length.
    pub fn length(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The count of a length; lengths that do not fit are the largest count.
    pub fn of(length: usize) -> Count {
        Count((length as u64).min(MAX_COUNT))
    }
}

/// Ring elements of a width as they stand in vectors.
pub fn elements(elements: &[u64]) -> Vec<Element> {
    elements.iter().copied().map(Element).collect()
}

/// Integers as they stand in vectors.
pub fn integers(integers: &[i64]) -> Vec<Integer> {
    integers.iter().copied().map(Integer).collect()
}

/// The numbers of integers as they stand in vectors.
pub fn numbers(integers: &[Integer]) -> Vec<i64> {
    integers.iter().map(|integer| integer.0).collect()
}

/// A vector that two parties share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// The server's share.
    pub server: Vec<Element>,
    /// The client's share.
    pub client: Vec<Element>,
}

/// The step convention. [DS-PLAN-2]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepName {
    /// The bit of 0 is 1.
    Nonnegative,
    /// The bit of 0 is 0.
    Positive,
}

impl From<StepName> for StepConvention {
    fn from(name: StepName) -> StepConvention {
        match name {
            StepName::Nonnegative => StepConvention::Nonnegative,
            StepName::Positive => StepConvention::Positive,
        }
    }
}

/// Which of the two semantics. [DS-INT-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Semantics {
    /// Formulas in R_k.
    Ring,
    /// Formulas on integers, with checkpoints.
    Integer,
}

/// A role. [DS-ROLE-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleName {
    /// P0.
    Server,
    /// P1.
    Client,
    /// The dealer.
    Trusted,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Server => Role::Server,
            RoleName::Client => Role::Client,
            RoleName::Trusted => Role::Trusted,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> RoleName {
        match role {
            Role::Server => RoleName::Server,
            Role::Client => RoleName::Client,
            Role::Trusted => RoleName::Trusted,
        }
    }
}

/// The ring elements of a width, if all fit it.
pub fn in_ring(width: Width, elements: &[Element]) -> Option<Vec<u64>> {
    elements.iter().map(|element| Some(element.0).filter(|&x| width.reduce(x) == x)).collect()
}

impl Bytes {
    /// The bytes as a seed, if there are 32.
    pub fn seed(&self) -> Option<Seed> {
        self.0.as_slice().try_into().ok().map(Seed)
    }

    /// The bytes as a session's identifier, if there are 16.
    pub fn session(&self) -> Option<SessionId> {
        self.0.as_slice().try_into().ok().map(SessionId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_str, to_string};

    /// [DS-VEC-4]
    #[test]
    fn every_type_has_one_form() {
        assert_eq!(
            to_string(&(Element(u64::MAX), Integer(i64::MIN))).unwrap(),
            r#"["18446744073709551615","-9223372036854775808"]"#
        );
        assert_eq!(to_string(&(Bits(vec![true, false]), Bytes(vec![0xbc, 3]))).unwrap(), r#"["10","bc03"]"#);
        for wrong in [r#""+1""#, r#""01""#, r#""-0""#, r#"" 1""#, r#""""#, "1", r#""18446744073709551616""#] {
            assert!(from_str::<Element>(wrong).is_err(), "{wrong}");
            assert!(from_str::<Integer>(wrong).is_err(), "{wrong}");
        }
        for wrong in [r#""BC""#, r#""b""#, r#""0x""#] {
            assert!(from_str::<Bytes>(wrong).is_err(), "{wrong}");
        }
        assert!(from_str::<Bits>(r#""012""#).is_err());
        assert!(from_str::<Count>("9007199254740992").is_err());
        assert!(from_str::<Count>("9007199254740991").is_ok());
    }
    #[test]
    fn lengths_that_are_no_counts_are_the_largest() {
        assert_eq!((Count::of(7), Count(7).length()), (Count(7), 7));
        assert_eq!((Count::of(usize::MAX), Count(u64::MAX).length()), (Count(MAX_COUNT), usize::MAX));
    }

    #[test]
    fn bytes_are_seeds_and_sessions_if_there_are_as_many() {
        let bytes = |count: u8| Bytes((0..count).collect());
        assert_eq!(bytes(32).seed().map(|seed| seed.0.to_vec()), Some(bytes(32).0));
        assert_eq!(bytes(16).session().map(|session| session.0.to_vec()), Some(bytes(16).0));
        for count in [0, 15, 17, 31, 33] {
            assert!(bytes(count).seed().is_none() && bytes(count).session().is_none(), "{count}");
        }
    }

    #[test]
    fn elements_are_in_their_ring() {
        let width = Width::new(4).unwrap();
        assert_eq!(in_ring(width, &elements(&[0, 15])), Some(vec![0, 15]));
        assert_eq!(in_ring(width, &elements(&[0, 16])), None);
        assert_eq!(numbers(&integers(&[-8, 7])), [-8, 7]);
    }
}
