//! Operations on protocols, by steps, against the reference as a whole; each loop tells the number that it draws from.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests stop like the tests")]

mod limits;
mod shared;
mod tamper;

use crate::operations::{self, find};
use crate::steps::Right;
use crate::vectors::types::{Bytes, Number, elements};
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::frame::Header;
use deepshare_reference::party::xof::{Label, Seed, record, xof};
use deepshare_reference::party::{Carried, Coins, Phase, PublicPart, Role, SessionId, session_id};
use deepshare_reference::primitives::dcf::Form;
use deepshare_reference::primitives::dcf::domain::DcfDomain;
use deepshare_reference::primitives::dcf::keys::Place;
use deepshare_reference::values::bits::words_from_bytes;
use deepshare_reference::values::{Concrete, Plane, Ranges, Ring, RingVector, Width};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Numbers that depend on one number alone.
struct Draws(SeedCoins);

impl Draws {
    fn new(number: u64) -> Draws {
        let mut seed = Seed([0; 32]);
        seed.0[..8].copy_from_slice(&number.to_le_bytes());
        Draws(SeedCoins::new(&seed, "tests", Role::Trusted))
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let plane: Plane = self.0.plane(8 * count).unwrap();
        plane.words().iter().flat_map(|word| word.to_le_bytes()).take(count).collect()
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N).try_into().unwrap()
    }

    fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    fn below(&mut self, bound: u64) -> usize {
        usize::try_from(self.number() % bound).unwrap()
    }
}

fn ask(operation: &str, input: Value) -> Result<Value, String> {
    operations::run(&Right, operation, input).result.map_err(|refusal| refusal.refused.code)
}

fn hex(bytes: &[u8]) -> Value {
    json!(Bytes(bytes.to_vec()))
}

#[test]
fn frames_are_written_and_read_as_the_reference_does() {
    for number in 0..2000 {
        let mut draws = Draws::new(number);
        let phase = Phase::ALL[draws.below(4)];
        let label = ["", "a", "apply/epsilon", "x".repeat(255).as_str()][draws.below(4)].to_owned();
        let count = draws.below(5);
        let payload = draws.bytes(count);
        let header = Header {
            session: SessionId(draws.array()),
            phase,
            round: u32::from_le_bytes(draws.array()),
            sequence: draws.number(),
            step: label.clone(),
            payload_bytes: payload.len() as u64,
        };
        let mut frame = payload.clone().seal(&header);
        let fields = json!({
            "session": hex(&header.session.0), "phase": phase.name(), "round": header.round,
            "sequence": Number(header.sequence), "label": label, "payload": hex(&payload),
        });
        assert_eq!(ask("write-frame", fields).unwrap()["frame"], hex(&frame), "{number}");

        let mut expected = fields_of(&header);
        match draws.below(4) {
            0 => frame.truncate(draws.below(frame.len() as u64)),
            1 => {
                let position = draws.below(frame.len() as u64);
                frame[position] ^= 1 << draws.below(8);
            }
            2 => frame.push(0),
            _ => expected["round"] = json!(u32::MAX),
        }
        let header = Header { round: u32::try_from(expected["round"].as_u64().unwrap()).unwrap(), ..header };
        let found = ask("read-frame", json!({"expected": expected, "frame": hex(&frame)}));
        let by_reference = Vec::<u8>::unseal(frame, &header).map_err(|error| error.code().to_owned());
        let by_reference = by_reference.map(|(round, payload)| json!({"round": round, "payload": hex(&payload)}));
        assert_eq!(found, by_reference, "{number}");
    }
}

fn fields_of(header: &Header) -> Value {
    json!({
        "session": hex(&header.session.0), "phase": header.phase.name(), "round": header.round,
        "sequence": Number(header.sequence), "label": header.step, "payload_bytes": header.payload_bytes,
    })
}

#[test]
fn hashes_and_seeds_are_those_of_the_reference() {
    for number in 0..200 {
        let mut draws = Draws::new(number);
        let label = Label { protocol: ["", "gmw"][draws.below(2)], party: Role::Client, purpose: "test" };
        let (seed, counter, length) = (Seed(draws.array()), draws.number(), draws.below(200));
        let count = draws.below(300);
        let context = draws.bytes(count);
        let mut output = vec![0; length];
        let ((), inputs) = record(|| xof(label, &seed, &context, counter, &mut output));
        let asked = json!({
            "protocol": label.protocol, "party": "client", "purpose": "test", "seed": hex(&seed.0),
            "context": hex(&context), "counter": Number(counter), "length": length,
        });
        let answer = operations::run(&Right, "xof", asked.clone());
        assert_eq!(answer.steps[0].value, hex(&inputs[0]), "{number}");
        assert_eq!(answer.result.unwrap()["bytes"], hex(&output), "{number}");

        let derived = json!({
            "protocol": label.protocol, "party": "client", "purpose": "test", "seed": hex(&seed.0), "context": hex(&context),
        });
        assert_eq!(ask("derive-seed", derived).unwrap()["seed"], hex(&seed.derive(label, &context).0), "{number}");
        let user = ask("user-seed", json!({"bytes": hex(&context)})).unwrap();
        assert_eq!(user["seed"], hex(&Seed::from_user_bytes(&context).0), "{number}");
        let session = SessionId(draws.array());
        let bound = ask("session-seed", json!({"seed": hex(&seed.0), "session": hex(&session.0)})).unwrap();
        assert_eq!(bound["seed"], hex(&seed.for_session(session).0), "{number}");
    }
}

/// [DS-COIN-2] [DS-COIN-4]
#[test]
fn coins_are_those_of_the_reference() {
    for number in 0..100 {
        let mut draws = Draws::new(number);
        let seed = Seed(draws.array());
        let mut coins = SeedCoins::new(&seed, "ot-dealer", Role::Server);
        let (mut asked, mut expected) = (Vec::new(), Vec::new());
        for _ in 0..5 {
            let (count, bits) = (draws.below(100), 2 + draws.below(63) as u64);
            if draws.below(2) == 0 {
                let plane: Plane = coins.plane(count).unwrap();
                asked.push(json!({"plane": count}));
                let bits: String = plane.to_bits().iter().map(|&bit| if bit { '1' } else { '0' }).collect();
                expected.push(json!(bits));
            } else {
                let ring: Ring = coins.ring(Width::new(bits).unwrap(), count).unwrap();
                asked.push(json!({"width": bits, "count": count}));
                expected.push(json!(elements(ring.elements())));
            }
        }
        let input = json!({"protocol": "ot-dealer", "party": "server", "seed": hex(&seed.0), "draws": asked});
        assert_eq!(ask("coins", input).unwrap()["draws"], Value::Array(expected), "{number}");
    }
}

/// [DS-SESSION-1]
#[test]
fn sessions_are_those_of_the_reference() {
    let pieces = [("backend", "gmw"), ("batch", "3"), ("plan", "p\n")];
    let digest = PublicPart::new(pieces).digest();
    let asked: Vec<Value> = pieces.iter().map(|(name, text)| json!({"name": name, "text": text})).collect();
    assert_eq!(ask("public-digest", json!({"pieces": asked})).unwrap()["digest"], hex(&digest));
    let (server, client) = ([3; 16], [4; 16]);
    let asked = json!({"server_nonce": hex(&server), "client_nonce": hex(&client), "digest": hex(&digest)});
    let session = session_id(&server, &client, &digest);
    assert_eq!(ask("session-identifier", asked).unwrap()["session"], hex(&session.0));
}

/// n planes of numbers, the lowest first.
fn planes(numbers: &[u64], bits: u32) -> Vec<Plane> {
    let plane = |bit: u32| Plane::from_bits(&numbers.iter().map(|number| number >> bit & 1 == 1).collect::<Vec<_>>());
    (0..bits).map(plane).collect()
}

#[test]
fn comparison_keys_are_those_of_the_reference() {
    for number in 0..100 {
        let mut draws = Draws::new(number);
        let bits = 1 + u32::try_from(draws.below(64)).unwrap();
        let width = Width::new(2 + draws.below(63) as u64).unwrap();
        let counts: Vec<usize> = (0..1 + draws.below(3)).map(|_| draws.below(4)).collect();
        let mask = u64::MAX >> (64 - bits);
        let thresholds: Vec<u64> = counts.iter().map(|_| draws.number() & mask).collect();
        let near = |draws: &mut Draws, alpha: u64| {
            [alpha, alpha.wrapping_sub(1) & mask, draws.number() & mask][draws.below(3)]
        };
        let x: Vec<u64> = thresholds.iter().map(|&alpha| near(&mut draws, alpha)).collect();
        let payloads: Vec<Vec<u64>> =
            counts.iter().map(|&count| (0..count).map(|_| width.reduce(draws.number())).collect()).collect();
        let roots = draws.bytes(32 * counts.len());
        let place = Place { session: SessionId(draws.array()), number: draws.number() >> 1 };

        let runs = counts.iter().enumerate().flat_map(|(key, &count)| std::iter::repeat_n((key, 1), count));
        let form = Form::new(bits, width, Ranges::new(counts.len(), runs).unwrap()).unwrap();
        let beta = Ring::new(width, payloads.concat());
        let random = Plane::from_words(words_from_bytes(&roots, roots.len() * 8).unwrap(), roots.len() * 8).unwrap();
        let keys = Concrete::generate(place, &form, &planes(&thresholds, bits), &beta, &random).unwrap();

        let numbers = |numbers: &[u64]| numbers.iter().copied().map(Number).collect::<Vec<_>>();
        let pairs: Vec<[Bytes; 2]> =
            roots.chunks(32).map(|pair| [Bytes(pair[..16].to_vec()), Bytes(pair[16..].to_vec())]).collect();
        let asked = json!({
            "session": hex(&place.session.0), "number": Number(place.number), "bits": bits, "width": width.bits(),
            "thresholds": numbers(&thresholds),
            "payloads": payloads.iter().map(|payload| elements(payload)).collect::<Vec<_>>(), "roots": pairs,
        });
        let given = ask("dcf-keys", asked).unwrap();
        let mut sum = Ring::constant(width, beta.len(), 0);
        for (role, keys) in [Role::Server, Role::Client].into_iter().zip(&keys) {
            let packed = <Concrete as deepshare_reference::party::BitWire>::pack_plane(keys);
            assert_eq!(given[role.name()], hex(&packed), "{number}");
            let share = Concrete::evaluate(place, &form, role, keys, &planes(&x, bits)).unwrap();
            let asked = json!({
                "role": role.name(), "session": hex(&place.session.0), "number": Number(place.number), "bits": bits,
                "width": width.bits(), "payloads": counts, "keys": hex(&packed), "x": numbers(&x),
            });
            assert_eq!(ask("dcf-evaluate", asked).unwrap()["elements"], json!(elements(share.elements())), "{number}");
            sum = sum.add(&share).unwrap();
        }
        let below = |key: usize| x[key] < thresholds[key];
        let paid = counts.iter().enumerate().flat_map(|(key, &count)| std::iter::repeat_n(below(key), count));
        let expected: Vec<u64> = beta.elements().iter().zip(paid).map(|(&b, paid)| if paid { b } else { 0 }).collect();
        assert_eq!(sum.elements(), expected, "{number}");
    }
}

/// Id and input of all hand-owned cases of an operation.
fn owned_cases(operation: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let cases = file["cases"].as_array().unwrap().iter().filter(|case| case["operation"] == operation);
        all.extend(cases.map(|case| (case["id"].to_string(), case["input"].clone())));
    }
    all
}

/// Phase, round, label and payload bytes of what a role sends, by receiver.
type Frames = BTreeMap<String, Vec<(String, u64, String, u64)>>;

/// [DS-COST-1] [DS-FSS-30]
#[test]
fn roles_send_what_the_shape_says() {
    let mut compared = 0;
    for (id, owned) in owned_cases("party").into_iter().filter(|(_, owned)| owned.get("tamper").is_none()) {
        let role = owned["role"].as_str().unwrap().to_owned();
        let answer = operations::run(&Right, "party", find("party").unwrap().expand(owned.clone()).unwrap());
        let mut sent = Frames::new();
        for step in &answer.steps {
            let to = step.name.split(' ').nth(2).unwrap().to_owned();
            let text = |field: &str| step.value[field].as_str().unwrap().to_owned();
            let bytes = text("payload").len() as u64 / 2;
            let round = step.value["round"].as_u64().unwrap();
            sent.entry(to).or_default().push((text("phase"), round, text("label"), bytes));
        }
        let asked = json!({"backend": owned["backend"], "network": owned["network"], "batch": owned["batch"]});
        let mut expected = Frames::new();
        for frame in ask("shape", asked).unwrap()["frames"].as_array().unwrap() {
            let text = |field: &str| frame[field].as_str().unwrap().to_owned();
            let number = |field: &str| frame[field].as_u64().unwrap();
            let bytes = (number("element_bits") * number("count")).div_ceil(8);
            if text("from") == role {
                expected.entry(text("to")).or_default().push((text("phase"), number("round"), text("label"), bytes));
            }
        }
        assert_eq!(sent, expected, "{id}");
        compared += 1;
    }
    assert!(compared > 50, "{compared} cases");
}

/// What a role sends by itself is what the others receive from it when all roles run together. [DS-VEC-12]
#[test]
fn a_role_by_itself_sends_what_it_sends_among_the_others() {
    let mut compared = 0;
    for (id, owned) in owned_cases("party").into_iter().filter(|(_, owned)| owned.get("tamper").is_none()) {
        let expand = |owned: &Value| find("party").unwrap().expand(owned.clone()).unwrap();
        let sent = ask("party", expand(&owned)).unwrap()["outgoing"].clone();
        for to in ["server", "client"].into_iter().filter(|to| owned["role"] != *to) {
            let mut other = owned.clone();
            other["role"] = json!(to);
            let of = |frames: &Value, field: &str, role: &Value| -> Vec<Value> {
                let frames = frames.as_array().unwrap().iter().filter(|frame| frame[field] == *role);
                frames.map(|frame| frame["frame"].clone()).collect()
            };
            let received = of(&expand(&other)["incoming"], "from", &owned["role"]);
            assert_eq!(of(&sent, "to", &json!(to)), received, "{id} to {to}");
            compared += received.len();
        }
    }
    assert!(compared > 100, "{compared} frames");
}

#[test]
fn hostile_cases_end_with_an_error_of_the_reference_or_are_lies() {
    let mut codes = BTreeMap::new();
    for (id, owned) in owned_cases("party").into_iter().filter(|(_, owned)| owned.get("tamper").is_some()) {
        let answer = operations::run(&Right, "party", find("party").unwrap().expand(owned).unwrap());
        let code = match answer.result {
            Ok(_) => "none".to_owned(),
            Err(refusal) => {
                assert!(refusal.refused.at.contains_key("from") && refusal.refused.at.contains_key("step"), "{id}");
                let output = refusal.output.unwrap();
                assert!(output.get("outputs").is_none(), "{id}");
                refusal.refused.code
            }
        };
        *codes.entry(code).or_insert(0) += 1;
    }
    let all = [
        "frame/cut",
        "frame/key-version",
        "frame/length",
        "frame/padding",
        "frame/phase",
        "frame/point",
        "frame/round",
        "frame/sequence",
        "frame/session",
        "frame/step",
        "frame/version",
        "none",
        "party/closed",
    ];
    assert_eq!(codes.keys().collect::<Vec<_>>(), all);
}
