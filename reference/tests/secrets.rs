//! What is printed of secrets: how many there are, and no value. Logs and failing tests print with `Debug`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::network::Images;
use deepshare_reference::party::coins::{SeedCoins, TapeCoins};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Coins, Role, SessionId};
use deepshare_reference::plan::{AffineGate, Channel, PlanLayer, Source, Visibility};
use deepshare_reference::primitives::ot::code::Code;
use deepshare_reference::primitives::ot::cot::Keys;
use deepshare_reference::primitives::ot::matrix::{Position, receive};
use deepshare_reference::primitives::ot::tweak::{Purpose, Tweak};
use deepshare_reference::values::{Concrete, Plane, Shape};
use values::{ring, width};

#[test]
fn values_and_seeds() {
    assert_eq!(format!("{:?}", ring(width(16), &[1234, 1235])), "Ring(2 elements of 16 bits)");
    assert_eq!(format!("{:?}", Plane::from_bits(&[true, false, true])), "Plane(3 bits)");
    assert_eq!(format!("{:?}", Seed([171; 32])), "Seed(secret)");
    let coins = SeedCoins::new(&Seed([171; 32]), "test", Role::Client);
    assert!(format!("{coins:?}").contains("seed: Seed(secret)"), "{coins:?}");
}

#[test]
fn tapes() {
    let mut tape = TapeCoins::new(Role::Client, vec![0b1010], 4);
    Coins::<Concrete>::plane(&mut tape, 3).unwrap();
    assert_eq!(format!("{tape:?}"), "TapeCoins(3 of 4 bits drawn, secret)");
}

#[test]
fn images() {
    let text = r#"{"format": "deepshare-input/1", "shape": [1, 1, 2], "scale": 3, "images": [[11, 22], [33, 44]]}"#;
    let images = Images::from_json(text).unwrap();
    assert_eq!(format!("{images:?}"), "Images(2 of shape 1x1x2 at scale 3, secret)");
}

/// The gates of a public layer are printed, those of a private one are not; who uses whose bit is public.
#[test]
fn gates_of_private_layers() {
    let gate = AffineGate { alpha: 1234, beta: 5678 };
    let channels = vec![Channel { source: Source::Prototype, gate: Some(gate) }];
    let layer = |visibility| PlanLayer {
        shape: Shape::new(1, 2, 3).unwrap(),
        gate_scale: 4,
        visibility,
        channels: channels.clone(),
    };
    let public = format!("{:?}", layer(Visibility::Public));
    assert!(public.contains("1234") && public.contains("5678"), "{public}");
    let private = format!("{:?}", layer(Visibility::Private));
    assert!(!private.contains("1234") && !private.contains("5678"), "{private}");
    assert!(private.starts_with("PlanLayer {") && private.contains("Prototype") && private.contains("gate_scale: 4"));
}

/// Rows of a batch of OTs, and the keys of COTs.
#[test]
fn rows_and_keys() {
    let tweak = Tweak { purpose: Purpose::OT[0], session: SessionId([7; 16]) };
    let at = Position { tweak, batch: 0, first: 0 };
    let pairs = vec![[Seed([1; 32]), Seed([2; 32])]; 128];
    let (_, rows) = receive(&at, Code::Repetition, &pairs, &[Plane::from_bits(&[true; 5])]).unwrap();
    assert_eq!(format!("{rows:?}"), "Rows(5 rows, secret)");
    assert_eq!(format!("{:?}", Keys::new(&rows, false)), "Keys(5 COTs, secret)");
}
