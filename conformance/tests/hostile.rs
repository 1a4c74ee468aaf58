//! Hostile peers: thousands of mutations of every backend, and broken receivers that the harness must notice.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use deepshare_conformance::hostile::campaign::PROGRAM;
use deepshare_conformance::hostile::case::Case;
use deepshare_conformance::hostile::kind::Kind;
use deepshare_conformance::hostile::mutate::Change;
use deepshare_conformance::hostile::oracle::Verdict;
use deepshare_conformance::hostile::{Backend, Campaign, Failure, Fault, Totals};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::network::{Network, semantics};
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::Seed;
use std::collections::BTreeSet;

/// How many mutations a campaign is tried with: the systematic ones, and some by chance. The command tries more.
fn mutations(campaign: &Campaign) -> u64 {
    campaign.systematic() + 50
}

/// The backends whose payloads are packed elements, which may be anything but for their filling bits.
const PACKED: [Backend; 5] = [Backend::Ideal, Backend::Gmw, Backend::Ot, Backend::OtDealer, Backend::Garbled];

fn campaign(backend: Backend, seed: u8) -> Campaign {
    Campaign::new(backend, &Seed([seed; 32])).unwrap()
}

fn totals(campaign: &Campaign, fault: Fault, mutations: u64) -> Totals {
    Totals::of(campaign, 0..mutations, fault, || {})
}

/// The seed is fixed; the command takes others. [DS-HOSTILE-1] [DS-HOSTILE-2]
#[test]
fn no_mutation_of_any_backend_panics_hangs_or_gives_an_output() {
    for backend in Backend::ALL {
        let (seed, campaign) = (9, campaign(backend, 9));
        let mutations = mutations(&campaign);
        let totals = totals(&campaign, Fault::None, mutations);
        assert_eq!(totals.failures(), 0, "{}, seed {seed}: {:?}", backend.name(), totals.first);
        assert_eq!(totals.malformed + totals.well_formed, mutations);
    }
}

/// An honest session has the right output, and so has one in which the honest frame is put in its own place.
#[test]
fn where_nothing_is_changed_the_output_is_right() {
    let network = Network::from_json(PROGRAM).unwrap();
    for backend in Backend::ALL {
        let campaign = campaign(backend, 4);
        if backend != Backend::BaseOt {
            let expected = semantics::ring(&network, &campaign.input()[0].to_integers()).unwrap();
            assert_eq!(campaign.output()[0].to_integers(), expected, "{}", backend.name());
        }
        let frame = |place: usize| campaign.record().places[place].frame.clone();
        for place in [0, campaign.record().places.len() - 1] {
            let case = |change| campaign.with(0, place, Kind::Garbage, change).unwrap();
            let same = case(Change::Replace(frame(place)));
            assert_eq!((&same.verdict, campaign.attempt(&same, Fault::None)), (&Verdict::WellFormed, None));
        }
    }
}

/// The systematic part has every kind at every step between every two roles, as far as the kind can do something there.
/// [DS-HOSTILE-4]
#[test]
fn every_kind_comes_at_every_step() {
    for backend in Backend::ALL {
        let campaign = campaign(backend, 1);
        let places = &campaign.record().places;
        let steps: BTreeSet<_> = places.iter().map(|p| (p.from, p.to, p.expected.label)).collect();
        let cases: Vec<_> = (0..campaign.systematic()).map(|number| campaign.case(number)).collect();
        let place = |index: usize| (places[index].from, places[index].to, places[index].expected.label);
        let conditional = [Kind::Swap, Kind::Replay, Kind::RoundLower, Kind::FillingFlip];
        for kind in Kind::all() {
            let at: BTreeSet<_> = cases.iter().filter(|case| case.kind == kind).map(|case| place(case.place)).collect();
            if conditional.contains(&kind) {
                let nothing_to_fill = backend == Backend::BaseOt && kind == Kind::FillingFlip;
                assert_eq!(at.is_empty(), nothing_to_fill, "{}: {}", backend.name(), kind.name());
            } else {
                assert_eq!(at, steps, "{}: {}", backend.name(), kind.name());
            }
        }
    }
}

/// What is attacked: every functionality's steps, by every role that sends, and most payloads end in filling bits.
#[test]
fn the_program_has_every_functionality() {
    let labels = |backend| -> BTreeSet<&'static str> {
        campaign(backend, 1).record().places.iter().map(|place| place.expected.label).collect()
    };
    let gmw = labels(Backend::Gmw);
    for label in ["input", "output", "and/leaves", "apply/delta", "apply/epsilon", "linear/weights", "linear/inputs"] {
        assert!(gmw.contains(label), "{label} is not in {gmw:?}");
    }
    assert!(gmw.iter().any(|label| label.starts_with("truncate/")), "{gmw:?}");
    let ideal = labels(Backend::Ideal);
    for call in ["input", "output", "open", "apply", "truncate", "weights", "linear"] {
        assert!(ideal.contains(format!("ideal/{call}").as_str()), "{call} is not in {ideal:?}");
    }
    for backend in Backend::ALL {
        let record = campaign(backend, 1).record().clone();
        let senders: BTreeSet<Role> = record.places.iter().map(|place| place.from).collect();
        let nobody_else = backend == Backend::BaseOt;
        assert_eq!(senders.len(), if nobody_else { 2 } else { 3 }, "{}", backend.name());
        let filled = record.places.iter().filter(|place| place.expected.filling_bits() > 0).count();
        let enough = match backend {
            Backend::Ideal | Backend::Gmw | Backend::Fss(_) => record.places.len() / 2,
            // columns, tables and labels of 128 or 256 bits a lane end in none
            Backend::Ot | Backend::OtDealer | Backend::Garbled => record.places.len() / 4,
            Backend::BaseOt => continue, // elements of 256 bits
        };
        assert!(filled > enough, "{}: {filled} of {}", backend.name(), record.places.len());
    }
}

/// Which kinds are malformed is the specification's; here is what it comes to.
#[test]
fn the_verdict_of_most_kinds_does_not_depend_on_chance() {
    let free = [Kind::PayloadFlip, Kind::PayloadZeros, Kind::RoundLower];
    let either = [Kind::PayloadRandom, Kind::PayloadOnes, Kind::Repeat];
    for backend in PACKED {
        let campaign = campaign(backend, 2);
        for case in (0..mutations(&campaign)).map(|number| campaign.case(number)) {
            let malformed = case.verdict != Verdict::WellFormed;
            if !either.contains(&case.kind) {
                assert_eq!(malformed, !free.contains(&case.kind), "{}: {case:?}", backend.name());
            }
        }
    }
}

/// Base OTs carry group elements: a payload of zeros or ones is none, and most others are none either. [DS-OT-6]
#[test]
fn payloads_that_are_no_group_elements_are_malformed() {
    let campaign = campaign(Backend::BaseOt, 2);
    let verdict = |case: &Case| match &case.verdict {
        Verdict::Malformed { codes, .. } => codes.contains(&"frame/point"),
        Verdict::WellFormed => false,
    };
    let cases: Vec<Case> = (0..5_000).map(|number| campaign.case(number)).collect();
    let of = |kind| cases.iter().filter(move |case| case.kind == kind);
    for kind in [Kind::PayloadZeros, Kind::PayloadOnes] {
        assert!(of(kind).count() > 0 && of(kind).all(verdict), "{}", kind.name());
    }
    let (flips, points) = (of(Kind::PayloadFlip).count(), of(Kind::PayloadFlip).filter(|case| verdict(case)).count());
    assert!(points > 0 && points < flips, "{points} of {flips}: some flips give another element");
    for case in of(Kind::PayloadFlip).filter(|case| verdict(case)).take(5) {
        assert_eq!(campaign.attempt(case, Fault::None), None, "{case:?}");
        assert!(campaign.attempt(case, Fault::GivesOutput).is_some());
    }
}

/// Comparison keys start with their format's version: zeros are of version 0, and ones have a set filling bit or are of
/// version 255. [DS-FSS-5]
#[test]
fn keys_of_another_version_are_malformed() {
    for serving in [Serving::Payload, Serving::Select] {
        let campaign = campaign(Backend::Fss(serving), 3);
        let places = &campaign.record().places;
        let cases: Vec<Case> = (0..campaign.systematic()).map(|number| campaign.case(number)).collect();
        let keys = |case: &&Case| places[case.place].expected.label == "dcf/deal-keys";
        let mut zeros = 0;
        for case in cases.iter().filter(keys) {
            let Verdict::Malformed { codes, .. } = &case.verdict else { continue };
            match case.kind {
                Kind::PayloadZeros => {
                    zeros += 1;
                    assert_eq!(codes, &["frame/key-version"]);
                }
                Kind::PayloadOnes => assert!(["frame/padding", "frame/key-version"].contains(&codes[0])),
                _ => continue,
            }
            assert_eq!(campaign.attempt(case, Fault::None), None, "{case:?}");
            assert!(campaign.attempt(case, Fault::GivesOutput).is_some());
        }
        assert_eq!(zeros, 2, "to the server and to the client");
    }
}

#[test]
fn the_seed_and_the_number_repeat_a_case() {
    let [one, same, other] = [1, 1, 2].map(|seed| campaign(Backend::Gmw, seed));
    let systematic = one.systematic();
    let mut differ = 0;
    for number in (0..50).chain(systematic..systematic + 50) {
        let [one, same, other] = [&one, &same, &other].map(|campaign| campaign.case(number));
        assert_eq!((one.place, one.kind, &one.change), (same.place, same.kind, &same.change));
        differ += u64::from(one.change != other.change);
    }
    assert!(differ > 50, "{differ}");
}

/// Broken receivers: the harness notices each, and says what is wrong. [DS-HOSTILE-5]
#[test]
fn broken_receivers_are_noticed() {
    let wrong = |failure: &Failure| matches!(failure, Failure::Error { .. } | Failure::Output { .. });
    type Noticed = fn(&Failure) -> bool;
    let faults: [(Fault, Noticed); 6] = [
        (Fault::SkipsFilling, wrong),
        (Fault::AnySequence, wrong),
        (Fault::TakesMore, wrong),
        (Fault::GivesOutput, |failure| matches!(failure, Failure::Output { .. })),
        (Fault::Panics, |failure| matches!(failure, Failure::Panic { .. })),
        (Fault::Waits, |failure| matches!(failure, Failure::Hang { .. })),
    ];
    for backend in PACKED {
        let campaign = campaign(backend, 3);
        for (fault, noticed) in faults {
            let mut failures = (0..campaign.systematic()).filter_map(|n| campaign.attempt(&campaign.case(n), fault));
            assert!(failures.any(|failure| noticed(&failure)), "{} with {fault:?}", backend.name());
        }
    }
}

/// A failure is counted as what it is, and the first one is kept.
#[test]
fn failures_are_counted() {
    let campaign = campaign(Backend::Gmw, 3);
    let totals = totals(&campaign, Fault::Panics, campaign.systematic());
    assert!(totals.panics > 0 && totals.failures() == totals.panics, "{totals:?}");
    let first = totals.first.unwrap();
    assert!(campaign.attempt(&campaign.case(first.case), Fault::Panics).is_some());
    assert!((0..first.case).all(|number| campaign.attempt(&campaign.case(number), Fault::Panics).is_none()));
}

/// A receiver that skips the check is found by the kinds that the check is for, and by no other.
#[test]
fn a_skipped_check_is_found_where_it_is_missing() {
    for backend in PACKED {
        let campaign = campaign(backend, 4);
        let filling = [Kind::FillingFlip, Kind::PayloadOnes, Kind::PayloadRandom];
        for (fault, kinds) in [(Fault::SkipsFilling, &filling[..]), (Fault::TakesMore, &[Kind::Append])] {
            let cases = (0..campaign.systematic()).map(|number| campaign.case(number));
            let found: BTreeSet<Kind> =
                cases.filter(|case| campaign.attempt(case, fault).is_some()).map(|case| case.kind).collect();
            assert_eq!(found, kinds.iter().copied().collect(), "{} with {fault:?}", backend.name());
        }
    }
}

/// The command: the same seed gives the same report, a case alone can be repeated, and bad arguments are rejected.
mod command {
    use super::common::deepshare;

    #[test]
    fn the_report_is_repeated_by_its_seed() {
        let report = |backend| {
            let arguments = ["hostile", "--backend", backend, "--mutations", "300", "--seed", "0c", "--json"];
            let mut report = deepshare(&arguments).json();
            for backend in report["backends"].as_array_mut().unwrap() {
                backend["seconds"] = 0.into();
            }
            report
        };
        let all = report("all");
        assert!(super::common::schema_accepts("hostile.schema.json", &all), "{all}");
        assert_eq!(all, report("all"));
        assert_eq!(all["backends"][1], report("gmw")["backends"][0]);
        for backend in all["backends"].as_array().unwrap() {
            let mutations = if backend["name"] == "ot-base" { 3 } else { 300 };
            assert_eq!((&backend["mutations"], &backend["first"]), (&mutations.into(), &serde_json::Value::Null));
            let sum =
                |field| backend["kinds"].as_array().unwrap().iter().map(|kind| kind[field].as_u64().unwrap()).sum();
            let [malformed, well_formed]: [u64; 2] = ["malformed", "well_formed"].map(sum);
            assert_eq!((backend["malformed"].as_u64(), malformed + well_formed), (Some(malformed), mutations));
        }
    }

    #[test]
    fn words_and_one_case() {
        let text = deepshare(&["hostile", "--backend", "gmw", "--mutations", "1200", "--seed", "0c"]).success();
        for part in ["apply/epsilon", "1,200 mutations in ", "0 panics, 0 hangs, 0 outputs after a malformed frame"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let text = deepshare(&["hostile", "--backend", "gmw", "--case", "5", "--seed", "0c"]).success();
        assert!(text.contains("1 mutation in "), "{text}");
    }

    #[test]
    fn bad_arguments() {
        assert!(deepshare(&["hostile", "--mutations", "0"]).rejected().ends_with("[cli/argument]"));
        for arguments in [["--backend", "gmv"], ["--mutations", "-1"], ["--case", "x"], ["--seed", "0"]] {
            assert_eq!(deepshare(&[&["hostile"], &arguments[..]].concat()).code, 2, "{arguments:?}");
        }
    }
}
