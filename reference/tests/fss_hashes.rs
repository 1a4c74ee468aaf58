//! What comparison keys hash: keys of a session are numbered through all batches, no input repeats, and each stands where
//! its key and level say. [DS-FSS-2] [DS-FSS-6]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::Session;
use deepshare_reference::backend::run_fss::fss;
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::SessionId;
use deepshare_reference::party::xof::{Seed, record};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::Ranges;
use script::{Call, Script, Secrets};
use std::collections::BTreeMap;
use values::{ring, width};

const K: u32 = 6;
const SESSION: SessionId = SessionId(*b"where keys stand");

/// A hash of keys: its purpose, its node's seed, the number of its key, and its level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hash {
    number: u64,
    level: u64,
    purpose: String,
    seed: Vec<u8>,
}

/// Reads an input of the XOF by the table of [DS-XOF-1]; none if the protocol is not that of keys.
fn parse(mut input: &[u8]) -> Option<Hash> {
    let mut take = |len: usize| {
        let (part, rest) = input.split_at(len);
        input = rest;
        part.to_vec()
    };
    let number = |bytes: Vec<u8>| u64::from_le_bytes(bytes.try_into().unwrap());
    let mut string = || {
        let len = usize::try_from(number(take(8))).unwrap();
        String::from_utf8(take(len)).unwrap()
    };
    let [version, protocol, party, purpose] = [(); 4].map(|()| string());
    if protocol != "dcf" {
        return None;
    }
    assert_eq!((version.as_str(), party.as_str()), ("deepshare/1", "trusted"));
    let mut seed = take(32);
    assert_eq!(seed.split_off(16), [0; 16], "a seed has 128 bits");
    assert_eq!((number(take(8)), take(16)), (24, SESSION.0.to_vec()), "the context is the session, then the number");
    let (key, level) = (number(take(8)), number(take(8)));
    Some(Hash { number: key, level, purpose, seed })
}

/// The hashes of a run: for each number and level, how many different seeds were hashed, and how many times in all.
fn hashes(serving: Serving, calls: Vec<Call>) -> BTreeMap<(u64, u64), (usize, usize)> {
    let script = Script { width: width(K.into()), shared: vec![3], calls };
    let secrets = Secrets { shared: vec![ring(width(K.into()), &[5, -7, 0])], ..Secrets::default() };
    let session = Session { id: SESSION, ..Session::default() };
    let (_, inputs) = record(|| fss(&script, secrets.sides(3), serving, &Seed([4; 32]), session).unwrap());
    let mut by_place: BTreeMap<(u64, u64), Vec<Hash>> = BTreeMap::new();
    for hash in inputs.iter().filter_map(|input| parse(input)) {
        by_place.entry((hash.number, hash.level)).or_default().push(hash);
    }
    let counts = by_place.into_iter().map(|(place, mut all)| {
        let total = all.len();
        all.sort();
        all.dedup();
        (place, (all.len(), total))
    });
    counts.collect()
}

/// Three gates, then truncation of three elements by 2 bits, then three gates again: 3 + 3 + 3 + 3 keys, numbered from
/// 0 on. At each level the dealer hashes the seeds of both parties and each party one; at most four seeds, and more than
/// one because the parties' differ.
#[test]
fn keys_are_numbered_through_all_batches_of_a_session() {
    for serving in [Serving::Payload, Serving::Select] {
        let layer = Call::Activate {
            step: StepConvention::Nonnegative,
            x: 0,
            earlier: vec![],
            served: Ranges::all(3),
            elements: 0,
        };
        let calls = vec![layer.clone(), Call::Truncate { x: 0, shift: 2 }, layer];
        let bits = [[K - 1; 3], [2; 3], [K; 3], [K - 1; 3]].concat();
        let found = hashes(serving, calls);
        let places: Vec<(u64, u64)> =
            (0..).zip(&bits).flat_map(|(number, &n)| (0..=u64::from(n)).map(move |level| (number, level))).collect();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), places, "{serving:?}: number and level of each node");
        for (place, (seeds, total)) in found {
            assert_eq!(total, 4, "{serving:?}, {place:?}: two of the dealer, one of each party");
            assert!((2..=4).contains(&seeds), "{serving:?}, {place:?}: {seeds} seeds");
        }
    }
}
