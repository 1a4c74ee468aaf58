//! All tapes at once: lane i of every vector is the protocol under tape number i.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw_with};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::values::{Concrete, Plane, Ring, Width, bits::BitReader, bits::words_from_bytes};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::script::Script;

/// Coins that read, in lane i, the binary digits of i from position `first` on: every tape in one run.
#[derive(Clone, Debug)]
pub struct LaneCoins {
    position: Rc<Cell<u32>>,
}

impl LaneCoins {
    /// Coins whose tape starts at digit `first` of the lane's number.
    pub fn new(first: u32) -> LaneCoins {
        LaneCoins { position: Rc::new(Cell::new(first)) }
    }

    /// The digit after the last one drawn.
    pub fn position(&self) -> u32 {
        self.position.get()
    }

    fn advance(&self, bits: u32) -> u32 {
        self.position.replace(self.position.get() + bits)
    }
}

impl Coins<Concrete> for LaneCoins {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let at = self.advance(1);
        Ok(Plane::from_bits(&(0..len as u64).map(|lane| lane >> at & 1 == 1).collect::<Vec<_>>()))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let at = self.advance(width.bits());
        Ok(Ring::new(width, (0..len as u64).map(|lane| lane >> at).collect()))
    }
}

/// Digits `first..first + k` of every lane's number, as a vector.
pub fn digits(width: Width, lanes: usize, first: u32) -> Ring {
    Ring::new(width, (0..lanes as u64).map(|lane| lane >> first).collect())
}

/// Runs a script over the real protocols, the dealer's tape starting at digit `first`; payloads are kept. Also gives the
/// number of coin bits that the dealer drew.
pub fn run(script: &Script, sides: Sides<Ring>, first: u32) -> (Outcome<Ring>, u32) {
    let coins = LaneCoins::new(first);
    let session = Session { transcript: Transcript::observed(), ..Session::default() };
    let outcome = gmw_with::<Concrete, _, _, _>(script, sides, coins.clone(), LaneCoins::new(0), session).unwrap();
    (outcome, coins.position() - first)
}

/// Everything that a party receives, lane by lane, as a number of few bits.
pub fn views(transcript: &Transcript, party: Role, lanes: usize) -> Vec<u128> {
    let mut views = vec![0_u128; lanes];
    for entry in transcript.entries().iter().filter(|entry| entry.to == party) {
        append(entry, lanes, &mut views);
    }
    views
}

/// Appends a frame's bits to the views: it has one or more planes or vectors, each with an element a lane.
fn append(entry: &Entry, lanes: usize, views: &mut [u128]) {
    let bits = entry.content.element_bits;
    assert_eq!(entry.content.count % lanes, 0, "{} is not lane by lane", entry.step);
    let total = usize::try_from(entry.content.bits()).unwrap();
    let words = words_from_bytes(entry.payload.as_ref().unwrap(), total).unwrap();
    let mut reader = BitReader::at(&words, 0);
    for _ in 0..entry.content.count / lanes {
        for view in views.iter_mut() {
            assert!(view.leading_zeros() >= bits, "the view is too long");
            *view = *view << bits | u128::from(reader.take(bits));
        }
    }
}

/// The views of each of the honest party's inputs, sorted, each as often as it occurs, among the lanes of one own input:
/// own input -> honest input -> views.
pub type Histograms = BTreeMap<u64, BTreeMap<u64, Vec<u128>>>;

/// The histograms of views, by own and honest inputs of each lane.
pub fn histograms(views: &[u128], own: impl Fn(u64) -> u64, honest: impl Fn(u64) -> u64) -> Histograms {
    let mut all = Histograms::new();
    for (lane, &view) in (0_u64..).zip(views) {
        all.entry(own(lane)).or_default().entry(honest(lane)).or_default().push(view);
    }
    all.values_mut().flat_map(BTreeMap::values_mut).for_each(|views| views.sort_unstable());
    all
}

/// Whether the views of a party tell anything about the honest party's input: for each own input all honest inputs must
/// give the same histogram, count for count. If not, says where.
pub fn dependence(histograms: &Histograms) -> Option<String> {
    for (own, by_honest) in histograms {
        let mut all = by_honest.iter();
        let (first_input, first) = all.next()?;
        if let Some((input, _)) = all.find(|(_, histogram)| *histogram != first) {
            return Some(format!("under own input {own} the views of honest inputs {first_input} and {input} differ"));
        }
    }
    None
}
