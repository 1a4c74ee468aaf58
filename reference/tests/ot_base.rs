//! Base OTs and their extension: the chosen key and message, and no other; secrets that are drawn apart; group elements
//! that do not decode. [DS-OT-4] [DS-OT-5] [DS-OT-6] [DS-OT-11] [DS-OT-12]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/tamper.rs"]
mod tamper;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::coins::{SeedCoins, TapeCoins};
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::primitives::ot::base::ristretto::SCALAR_BITS;
use deepshare_reference::primitives::ot::base::{AllKeys, BaseKeys, ideal, set_up};
use deepshare_reference::primitives::ot::code::Code;
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::matrix::{self, Position};
use deepshare_reference::primitives::ot::tweak::{Purpose, Tweak};
use deepshare_reference::primitives::ot::{Batch, Choice, Ots, Prepare, Transfer};
use deepshare_reference::primitives::roles::Party;
use deepshare_reference::values::{BitPlane, Concrete, Plane, ValueError};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tamper::{Attack, Damage, Hostile, Tampered};
use values::any_seed;

const SESSION: SessionId = SessionId([9; 16]);

fn coins(seed: &Seed, role: Role) -> SeedCoins {
    SeedCoins::new(seed, "ot", role)
}

type Keys = AllKeys<Concrete>;

/// The base keys of both parties of `ot`, from real base OTs or from F_BaseOT.
fn base_keys(seed: &Seed, real: bool) -> (Keys, Keys) {
    base_keys_for(&Purpose::OT, seed, real)
}

/// The base keys of both parties for the purposes given.
fn base_keys_for(purposes: &[Purpose], seed: &Seed, real: bool) -> (Keys, Keys) {
    let net = LocalNet::new(SESSION, Transcript::default());
    let [mut trusted_coins, mut server_coins, mut client_coins] =
        [Role::Trusted, Role::Server, Role::Client].map(|role| coins(seed, role));
    let [mut server, mut client] = [Role::Server, Role::Client].map(|role| Party::new(net.endpoint(role)));
    let mut trusted = net.endpoint(Role::Trusted);
    let all = if real {
        run(
            &net,
            async { Ok(()) },
            set_up(&mut server, &mut server_coins, SESSION, purposes),
            set_up(&mut client, &mut client_coins, SESSION, purposes),
        )
    } else {
        run(
            &net,
            ideal::serve(&mut trusted, &mut trusted_coins, purposes),
            ideal::set_up(&mut server, &mut server_coins, purposes),
            ideal::set_up(&mut client, &mut client_coins, purposes),
        )
    };
    let ((), server, client) = all.unwrap();
    (server, client)
}

/// The secret of an extension's sender, its keys, and the receiver's pairs.
fn sides((server, client): &mut (Keys, Keys), purpose: Purpose) -> (Plane, Vec<Seed>, Vec<[Seed; 2]>) {
    match [server, client].map(|keys| keys.remove(&purpose).unwrap()) {
        [BaseKeys::Sender(chosen), BaseKeys::Receiver(pairs)]
        | [BaseKeys::Receiver(pairs), BaseKeys::Sender(chosen)] => (chosen.secret, chosen.keys, pairs),
        _ => panic!("one party must send and one receive"),
    }
}

/// Of each pair the sender of the extension has the key of its secret bit. No two of the 1024 keys are equal; the
/// secrets of the three purposes are different draws.
#[test]
fn secrets_and_keys_of_the_three_purposes_are_drawn_apart() {
    for real in [false, true] {
        let mut keys = base_keys(&Seed([3; 32]), real);
        let purposes = Purpose::OT.map(|purpose| sides(&mut keys, purpose));
        let mut seen = BTreeSet::new();
        for ((secret, keys, pairs), count) in purposes.iter().zip([256, 128, 128]) {
            assert_eq!((secret.len(), keys.len(), pairs.len()), (count, count, count));
            for ((bit, key), pair) in secret.to_bits().into_iter().zip(keys).zip(pairs) {
                assert!(pair[usize::from(bit)] == *key, "real: {real}");
                assert!(pair.iter().all(|key| seen.insert(key.0)), "a key repeats, real: {real}");
            }
            let ones = secret.to_bits().iter().filter(|bit| **bit).count();
            assert!(ones.abs_diff(count / 2) < 48, "{ones} of {count} bits of a secret are 1");
        }
        // two independent secrets agree in 64 of 128 positions on average; 7 standard deviations are 40
        let [messages, to_client, to_server] = purposes.map(|(secret, ..)| secret.to_bits());
        let pairs = [(&messages, &to_client), (&messages, &to_server), (&to_client, &to_server)];
        let second = messages[128..].to_vec();
        for (a, b) in pairs.into_iter().chain([(&second, &to_client), (&messages, &second)]) {
            let equal = a.iter().zip(b).filter(|(a, b)| a == b).count();
            assert!((24..=104).contains(&equal), "secrets agree in {equal} of 128 positions, real: {real}");
        }
    }
}

/// Of `garbled`: Delta's lowest bit is 1 under every seed, its other bits are drawn, and no key and no secret serves
/// another purpose. [DS-GC-2]
#[test]
fn secrets_and_keys_of_garbled_are_drawn_apart_and_deltas_lowest_bit_is_1() {
    let (mut seen, mut ones) = (BTreeSet::new(), [0; 128]);
    for seed in 0..64 {
        let mut keys = base_keys_for(&Purpose::GARBLED, &Seed([seed; 32]), seed < 2);
        let purposes = Purpose::GARBLED.map(|purpose| sides(&mut keys, purpose));
        assert!(keys.0.is_empty() && keys.1.is_empty(), "there are no base OTs for messages");
        for (secret, keys, pairs) in &purposes {
            assert_eq!((secret.len(), keys.len(), pairs.len()), (128, 128, 128));
            for ((bit, key), pair) in secret.to_bits().into_iter().zip(keys).zip(pairs) {
                assert!(pair[usize::from(bit)] == *key);
                assert!(pair.iter().all(|key| seen.insert(key.0)), "a key repeats");
            }
        }
        let [delta, others @ ..] = purposes.map(|(secret, ..)| secret.to_bits());
        ones.iter_mut().zip(&delta).for_each(|(ones, bit)| *ones += usize::from(*bit));
        for other in others {
            let equal = delta.iter().zip(&other).filter(|(a, b)| a == b).count();
            assert!((24..=104).contains(&equal), "secrets agree in {equal} of 128 positions");
        }
    }
    assert_eq!(ones[0], 64);
    assert!(ones[1..].iter().all(|ones| (8..=56).contains(ones)), "6 standard deviations: {ones:?}");
}

/// The receiver's coins of base OTs are its bits and 512 bits for each; the sender's are 512 for each A. Of Delta's bits 127
/// are drawn.
#[test]
fn base_ots_draw_the_derived_number_of_coin_bits() {
    let client = 2 * SCALAR_BITS + 128 + 128 * SCALAR_BITS;
    draws(&Purpose::OT, [SCALAR_BITS + 384 + 384 * SCALAR_BITS, client]);
    draws(&Purpose::GARBLED, [SCALAR_BITS + 255 + 256 * SCALAR_BITS, client]);
}

/// Checks how many bits the server and the client draw.
fn draws(purposes: &[Purpose], bits: [usize; 2]) {
    let attempt = |short: [usize; 2]| {
        let net = LocalNet::new(SESSION, Transcript::default());
        let tape = |role, len: usize| {
            let words = (0..len.div_ceil(64) as u64).map(values::mix).collect();
            TapeCoins::new(role, words, len)
        };
        let mut server_tape = tape(Role::Server, bits[0] - short[0]);
        let mut client_tape = tape(Role::Client, bits[1] - short[1]);
        let [mut server, mut client] = [Role::Server, Role::Client].map(|role| Party::new(net.endpoint(role)));
        let server = set_up(&mut server, &mut server_tape, SESSION, purposes);
        let client = set_up(&mut client, &mut client_tape, SESSION, purposes);
        run(&net, async { Ok(()) }, server, client)?;
        Ok([server_tape.drawn(), client_tape.drawn()])
    };
    assert_eq!(attempt([0, 0]).unwrap(), bits);
    for short in [[1, 0], [0, 1]] {
        assert!(matches!(attempt(short), Err(PartyError::Value { step: "coins", .. })), "{short:?}");
    }
}

/// One batch of 1-of-N OTs; gives what the client gets.
fn transfer(seed: &Seed, messages: Vec<Vec<Plane>>, choice: Vec<Plane>, bits: usize) -> Vec<Plane> {
    let (server_keys, client_keys) = base_keys(seed, false);
    let net = LocalNet::new(SESSION, Transcript::default());
    let party = async |role, keys, transfer| {
        let party = Party::<Concrete, _>::new(net.endpoint(role));
        let mut ots = OtParty::new(party, coins(seed, role), keys, SESSION);
        let batch = Batch { transfers: vec![transfer], cots: Vec::new() };
        Ok(ots.batch(batch).await?.messages)
    };
    let (server, client) = (Transfer::Offer(messages), Transfer::Choose { choice, bits });
    let programs = (party(Role::Server, server_keys, server), party(Role::Client, client_keys, client));
    run(&net, async { Ok(()) }, programs.0, programs.1).unwrap().2.remove(0)
}

/// A session without base OTs for a purpose has no extension of it: a call that needs one is an error, and nothing is sent.
#[test]
fn transfers_without_base_ots_for_messages_are_an_error() {
    let (_, client) = base_keys_for(&Purpose::GARBLED, &Seed([4; 32]), false);
    let net = LocalNet::new(SESSION, Transcript::default());
    let party = async |role, keys| {
        let party = Party::<Concrete, _>::new(net.endpoint(role));
        let mut ots = OtParty::new(party, coins(&Seed([4; 32]), role), keys, SESSION);
        let transfer = Transfer::Choose { choice: planes(1, 3, 0), bits: 1 };
        ots.batch(Batch { transfers: vec![transfer], cots: Vec::new() }).await.map(drop)
    };
    let error = run(&net, async { Ok(()) }, async { Ok(()) }, party(Role::Client, client)).unwrap_err();
    assert_eq!((error.code(), net.transcript().entries().len()), ("party/misuse", 0));
    assert!(error.to_string().ends_with("there are no base OTs for Messages"), "{error}");
}

/// A receiver of COTs that chooses now gives as many bits as there are COTs; else it is an error, and nothing is sent.
#[test]
fn choices_of_another_number_are_an_error() {
    for (found, bits) in [(0, None), (2, Some(Plane::constant(2, true))), (4, Some(Plane::constant(4, true)))] {
        let net = LocalNet::new(SESSION, Transcript::default());
        let client = async |keys| {
            let party = Party::<Concrete, _>::new(net.endpoint(Role::Client));
            let mut ots = OtParty::new(party, coins(&Seed([4; 32]), Role::Client), keys, SESSION);
            let cots = vec![Prepare { receiver: Role::Client, count: 3, choice: Choice::Now(bits.clone()) }];
            ots.batch(Batch { transfers: Vec::new(), cots }).await.map(drop)
        };
        let (_, keys) = base_keys(&Seed([4; 32]), false);
        let error = run(&net, async { Ok(()) }, async { Ok(()) }, client(keys)).unwrap_err();
        let source = ValueError::Length { left: found, right: 3 };
        assert_eq!(error, PartyError::Value { role: Role::Client, step: "cot/prepare", source });
        assert_eq!(net.transcript().entries().len(), 0);
    }
}

/// Planes of irregular bits.
fn planes(count: usize, lanes: usize, salt: u64) -> Vec<Plane> {
    let bit = |plane: usize, lane: usize| values::mix(salt ^ values::mix((plane * 1009 + lane) as u64)) & 1 == 1;
    (0..count).map(|p| Plane::from_bits(&(0..lanes).map(|lane| bit(p, lane)).collect::<Vec<_>>())).collect()
}

proptest! {
    #![proptest_config(values::cases(40))]

    /// In every lane the message of the lane's choice, for N = 2 to 16, messages of 1 to 8 bits, any number of lanes.
    #[test]
    fn the_chosen_message_arrives(
        seed in any_seed(), digits in 1_usize..=4, bits in 1_usize..=8, lanes in 1_usize..=130, salt in any::<u64>(),
    ) {
        let all = planes(bits << digits, lanes, salt);
        let messages: Vec<Vec<Plane>> = all.chunks(bits).map(<[Plane]>::to_vec).collect();
        let choice = planes(digits, lanes, !salt);
        let found = transfer(&seed, messages.clone(), choice.clone(), bits);
        prop_assert_eq!(found.len(), bits);
        for lane in 0..lanes {
            let number: usize = (0..digits).map(|d| usize::from(choice[d].to_bits()[lane]) << d).sum();
            for (plane, message) in found.iter().zip(&messages[number]) {
                prop_assert_eq!(plane.to_bits()[lane], message.to_bits()[lane], "lane {}", lane);
            }
        }
    }

    /// The receiver's keys and pads are the sender's for the choice; all others differ, and no two pads are equal: pads
    /// of one row have 8 bits, so they are compared over all rows at once.
    #[test]
    fn only_the_chosen_pads_are_equal(
        seed in any_seed(), kk13 in any::<bool>(), choice in vec(any::<u8>(), 64..=130), batch in 0_u64..9,
    ) {
        let purpose = if kk13 { Purpose::Messages } else { Purpose::ToServer };
        let (secret, keys, pairs) = sides(&mut base_keys(&seed, false), purpose);
        let code = if kk13 { Code::WalshHadamard } else { Code::Repetition };
        let at = Position { tweak: Tweak { purpose, session: SESSION }, batch, first: 1000 };
        let plane = |bit: usize| Plane::from_bits(&choice.iter().map(|c| c >> bit & 1 == 1).collect::<Vec<_>>());
        let digits: Vec<Plane> = (0..code.choice_bits()).map(plane).collect();
        let (sent, own) = matrix::receive(&at, code, &pairs, &digits).unwrap();
        let rows = matrix::send(&at, code, &secret, &keys, &sent).unwrap();
        let lanes = choice.len();
        let chosen = own.message_pad(0, lanes, 0, 8);
        let own_keys = own.keys(0);
        for guess in 0..1_usize << code.choice_bits() {
            let (pad, keys) = (rows.message_pad(0, lanes, guess, 8), rows.keys(guess));
            let mut equal = 0;
            for (lane, c) in choice.iter().enumerate() {
                let mine = usize::from(*c) & ((1 << code.choice_bits()) - 1) == guess;
                prop_assert_eq!(keys[lane] == own_keys[lane], mine, "lane {}, guess {}", lane, guess);
                let same = (0..8).all(|bit| pad[bit].to_bits()[lane] == chosen[bit].to_bits()[lane]);
                prop_assert!(same || !mine, "lane {lane}, guess {guess}");
                equal += usize::from(same && !mine);
            }
            // each of at most 130 pads of a byte is equal by chance with probability 1/256: ten are once in 5 * 10^9 guesses
            prop_assert!(equal < 10, "{equal} pads of message {guess} are those of the choice");
        }
    }
}

/// Runs real base OTs over channels of which one damages a frame.
fn attacked(attack: Attack) -> Result<(), PartyError> {
    let net = LocalNet::<Tampered>::new(SESSION, Transcript::default());
    let party = async |role| {
        let mut own = coins(&Seed([1; 32]), role);
        let mut party = Party::new(Hostile::new(&net, role, attack));
        set_up::<Concrete, _, _>(&mut party, &mut own, SESSION, &Purpose::OT).await
    };
    run(&net, async { Ok(()) }, party(Role::Server), party(Role::Client)).map(drop)
}

/// Group elements that are no encoding, the identity, or not canonical, at the end of a frame of either party. The
/// error names step and sender. [DS-OT-6]
#[test]
fn malformed_group_elements_end_the_session() {
    let damages: [Damage; 3] = [
        |mut frame| {
            let at = frame.len() - 32;
            frame[at..].fill(0xff);
            frame
        },
        |mut frame| {
            let at = frame.len() - 32;
            frame[at..].fill(0); // the identity
            frame
        },
        |mut frame| {
            let at = frame.len() - 32;
            frame[at] |= 1; // a negative encoding is not canonical
            frame
        },
    ];
    for from in [Role::Server, Role::Client] {
        for step in ["base-ot/offer", "base-ot/answer"] {
            for damage in damages {
                let error = attacked(Attack { from, to: from.peer(), step, damage }).unwrap_err();
                assert_eq!(error.code(), "frame/point", "{error}");
                match error {
                    PartyError::Frame { role, from: sender, step: at, .. } => {
                        assert_eq!((role, sender, at), (from.peer(), from, step));
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }
}
