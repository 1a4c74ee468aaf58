//! Hostile peers whose frames bytes choose. [DS-HOSTILE-2] [DS-HOSTILE-3]

use super::error::fails;
use super::{Found, Reach};
use crate::case::fields::{Fields, Reader};
use crate::hostile::dice::Dice;
use crate::hostile::kind::Kind;
use crate::hostile::mutate::Change;
use crate::hostile::{Backend, Campaign, Fault};
use deepshare_reference::party::xof::Seed;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

thread_local! {
    /// The honest sessions of each backend, which are run once.
    static CAMPAIGNS: RefCell<BTreeMap<usize, Campaign>> = const { RefCell::new(BTreeMap::new()) };
}

/// The backends whose sessions take milliseconds: all but base OTs, which the campaigns of the command attack.
const QUICK: usize = Backend::ALL.len() - 1;

/// The seed of all honest sessions.
const SEED: Seed = Seed([0x46; 32]);

/// One frame of one role is another: the backend, the place and what is done, to the last byte, are chosen by the bytes.
/// Honest parties end with the error that the specification names, or, where the frame is well-formed, in some way; where it
/// is the honest frame, the client has the honest output.
pub fn hostile(bytes: &[u8]) -> Found {
    let mut fields = Reader(bytes);
    let number = fields.below(QUICK, 0);
    let Some(backend) = Backend::ALL.get(number) else { return Ok(Reach::Refused) };
    CAMPAIGNS.with_borrow_mut(|campaigns| {
        let campaign = match campaigns.entry(number) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Campaign::new(*backend, &SEED).map_err(fails("the honest session"))?),
        };
        attempt(campaign, &mut fields, Fault::None)
    })
}

/// One attempt on receivers with a fault, which none have but in the tests of this function.
fn attempt(campaign: &Campaign, fields: &mut Reader<'_>, fault: Fault) -> Found {
    let record = campaign.record();
    let choice = u16::from_le_bytes([fields.byte(0), fields.byte(0)]);
    let place = usize::from(choice) % record.places.len().max(1);
    let kinds: Vec<Kind> = Kind::all().collect();
    let case = match kinds.get(fields.below(kinds.len() + 8, 0)) {
        Some(kind) => campaign.mutation(0, place, *kind, &mut Dice::Given(fields.0)),
        None => {
            let frame = record.place(place).map(|place| patched(&place.frame, fields));
            frame.and_then(|frame| campaign.with(0, place, Kind::Garbage, Change::Replace(frame)))
        }
    };
    let Some(case) = case else { return Ok(Reach::Refused) }; // a kind that can do nothing at this place
    match campaign.attempt(&case, fault) {
        None => Ok(Reach::Ran),
        Some(failure) => Err(fails("a session with a hostile peer")(format!(
            "{}, place {place}, {}: {failure}",
            campaign.backend().name(),
            case.kind.name()
        ))),
    }
}

/// The frame with bytes put over it: pairs of a place and a byte, as long as there are any.
fn patched(frame: &[u8], fields: &mut Reader<'_>) -> Vec<u8> {
    let mut frame = frame.to_vec();
    let cut = fields.byte(0);
    if cut & 1 == 1 {
        frame.truncate(frame.len() * usize::from(cut) / 256);
    }
    while let [low, high, byte, rest @ ..] = fields.0 {
        let place = usize::from(u16::from_le_bytes([*low, *high])) % frame.len().max(1);
        frame.get_mut(place).into_iter().for_each(|old| *old ^= byte);
        fields.0 = rest;
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receiver that does not look at the filling bits, or at numbers in the session, is found; one that does is not.
    #[test]
    fn a_broken_receiver_is_a_finding() {
        let campaign = Campaign::new(Backend::Gmw, &SEED).unwrap();
        let found = |fault| {
            let places = u8::try_from(campaign.record().places.len()).unwrap();
            let kinds = u8::try_from(Kind::all().count()).unwrap();
            let tries = (0..places).flat_map(|place| (0..kinds).map(move |kind| [place, 0, kind, 1, 2, 3]));
            tries.map(|bytes| attempt(&campaign, &mut Reader(&bytes), fault)).find_map(Result::err)
        };
        assert_eq!(found(Fault::None), None);
        for fault in [Fault::SkipsFilling, Fault::AnySequence, Fault::TakesMore, Fault::GivesOutput] {
            assert!(found(fault).is_some(), "{fault:?}");
        }
    }

    /// [DS-HOSTILE-3]
    #[test]
    fn bytes_are_put_over_a_frame() {
        let patched = |bytes: &[u8]| patched(&[1, 2, 3, 4], &mut Reader(bytes));
        assert_eq!(patched(&[]), [1, 2, 3, 4]);
        assert_eq!(patched(&[129]), [1, 2], "cut to 129 / 256 of its length");
        assert_eq!(patched(&[0, 1, 0, 0xff, 5, 0, 1]), [1, 2 ^ 0xff ^ 1, 3, 4], "place 5 is place 1");
    }
}
