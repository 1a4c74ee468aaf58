//! Costs put together from pieces are those of the whole inference: every phase, every sender, bits, bytes, frames, rounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../reference/tests/common/networks.rs"]
mod networks;
#[path = "../../reference/tests/common/plans.rs"]
mod plans;
#[path = "../../reference/tests/common/values.rs"]
mod values;

use deepshare_conformance::cost::engine::{Engine, NetworkCost};
use deepshare_conformance::cost::spent::Spent;
use deepshare_conformance::models::Model;
use deepshare_conformance::worlds::WORLDS;
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::Phase;
use deepshare_reference::party::transcript::Cost;
use networks::any_case;
use proptest::prelude::*;
use values::cases;

/// The engine's cost in the form of a transcript's, for all phases.
fn costs(cost: &NetworkCost) -> [Cost; 3] {
    let of = |spent: Spent, rounds| Cost {
        rounds,
        server_bits: spent.server_bits,
        client_bits: spent.client_bits,
        trusted_bits: spent.trusted_bits,
        wire_bytes: spent.wire_bytes,
        frames: spent.frames,
    };
    [
        of(cost.online().unwrap(), cost.rounds.online),
        of(cost.offline().unwrap(), cost.rounds.offline),
        of(cost.session, cost.rounds.session),
    ]
}

/// The cost of the whole inference, in one run.
fn assert_equal_to_inference(network: &Network, engines: &mut [Engine]) {
    for engine in engines {
        let inference = Inference::new(network, 1);
        let transcript = engine.world().cost(&inference, inference.input_shapes().unwrap()).unwrap();
        let found = engine.cost(network).unwrap();
        assert_eq!(transcript.is_some(), engine.world().has_costs);
        assert_eq!(transcript.is_some(), found.is_some());
        let Some((transcript, found)) = transcript.zip(found) else { continue };
        let whole = [Phase::Online, Phase::Offline, Phase::Session].map(|phase| transcript.cost(phase));
        assert_eq!(costs(&found), whole, "{}: left from pieces, right from one run", engine.world().name);
    }
}

fn engines() -> Vec<Engine> {
    WORLDS.into_iter().map(Engine::new).collect()
}

proptest! {
    #![proptest_config(cases(200))]

    /// [DS-COST-4] [DS-COST-5]
    #[test]
    fn pieces_add_up_to_the_inference_of_random_networks(case in any_case()) {
        assert_equal_to_inference(&case.network, &mut engines());
    }
}

#[test]
fn pieces_add_up_to_the_inference_of_the_trained_networks() {
    let mut engines = engines(); // shared, so that pieces of one network serve the others
    for model in Model::ALL {
        assert_equal_to_inference(&Network::from_json(model.json()).unwrap(), &mut engines);
    }
}
