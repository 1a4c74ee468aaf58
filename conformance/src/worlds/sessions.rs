//! Runs images in a world, a session for each batch, on all cores, and adds up costs.

use super::{Difference, World, progress};
use crate::error::CliError;
use crate::printable::Name;
use crate::seed::{batch_seed, session};
use deepshare_reference::backend::run::{Outcome, Sides};
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::values::Ring;
use rayon::prelude::*;
use std::time::Instant;

/// What a world gave, and what it cost.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// For each image the outputs.
    pub outputs: Vec<Vec<i64>>,
    /// Payload bits of all parties that depend on the images.
    pub online_bits: u64,
    /// Payload bits of the dealer.
    pub offline_bits: u64,
    /// Payload bits of one session, whatever its images.
    pub session_bits: u64,
    /// Online rounds of one session.
    pub rounds: u32,
    /// Seconds that all sessions took: the parties of a session in one thread, as many sessions at once as there are cores.
    pub seconds: f64,
}

impl Results {
    /// Payload bits for one image, on average. Every image costs the same, up to the padding of OTs that come in pairs.
    pub fn per_image(&self, bits: u64) -> u64 {
        bits / (self.outputs.len() as u64).max(1)
    }

    /// The results as JSON, as `spec/schema/demo.schema.json` has it.
    pub fn json(&self, name: &str, difference: Difference) -> serde_json::Value {
        serde_json::json!({
            "name": name,
            "images": self.outputs.len(),
            "logit_mismatches": difference.logits,
            "prediction_mismatches": difference.predictions,
            "online_bits_per_image": self.per_image(self.online_bits),
            "offline_bits_per_image": self.per_image(self.offline_bits),
            "session_bits": self.session_bits,
            "rounds": self.rounds,
            "seconds": self.seconds,
        })
    }

    /// Takes up one session's transcript.
    fn add_costs(&mut self, transcript: &Transcript) {
        let online = transcript.cost(Phase::Online);
        self.online_bits = self.online_bits.saturating_add(online.bits());
        self.offline_bits = self.offline_bits.saturating_add(transcript.cost(Phase::Offline).bits());
        self.session_bits = transcript.cost(Phase::Session).bits();
        self.rounds = online.rounds;
    }
}

/// Runs images in a world, in sessions that each have coins and an identifier of their own.
///
/// # Errors
/// [`CliError::ShapeOnly`] without weights; [`CliError::Party`] if a party fails.
pub fn run(world: &World, network: &Network, images: &[Vec<i64>], seed: &Seed) -> Result<Results, CliError> {
    let file = || Name(network.name().to_owned());
    let server = Inference::server_inputs(network).ok_or_else(|| CliError::ShapeOnly { file: file() })?;
    let (width, public) = (network.width(), network.public_part());
    let bar = progress(world.name, images.len(), "images");
    let start = Instant::now();
    let one = |(batch, images): (usize, &[Vec<i64>])| {
        let elements = images.iter().flatten().map(|&x| width.encode_wrapping(x)).collect();
        let own = Sides { server: server.clone(), client: vec![Ring::new(width, elements)] };
        let seed = batch_seed(seed, batch as u64);
        let digest = agreed_digest(world, network, &public, images.len())?;
        let session = session(&seed, &digest, Transcript::default());
        let outcome = world
            .infer(&Inference::new(network, images.len()), own, &seed, session)
            .map_err(|source| CliError::Party { world: world.name, source })?;
        bar.inc(images.len() as u64);
        Ok(outcome)
    };
    let outcomes: Result<Vec<Outcome<Ring>>, CliError> = images.par_chunks(world.batch).enumerate().map(one).collect();
    let mut results = Results::default();
    for outcome in outcomes? {
        let outputs = outcome.outputs.client.first().map(Ring::to_integers).unwrap_or_default();
        results.outputs.extend(outputs.chunks(network.output().shape.elements()).map(<[i64]>::to_vec));
        results.add_costs(&outcome.transcript);
    }
    results.seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    Ok(results)
}

/// The digest of the public part, on which the server, which has the network, and the client, which has its public part,
/// must agree. [DS-SESSION-2]
fn agreed_digest(world: &World, network: &Network, public: &Network, batch: usize) -> Result<[u8; 32], CliError> {
    let (server, client) = (network.session_part(world.name, batch), public.session_part(world.name, batch));
    let party = |source| CliError::Party { world: world.name, source };
    server.agree(Role::Client, &client).map_err(party)?;
    Ok(server.digest())
}
