//! One question to the explorer, answered: a network under a plan and under none, in some worlds.

use super::engine::{Engine, NetworkCost};
use super::error::CostError;
use super::units::Link;
use crate::error::CliError;
use crate::printable::Name;
use crate::worlds::World;
use deepshare_reference::network::Network;
use deepshare_reference::plan::{Plan, PlanLayer, Visibility};

/// What is compared.
pub struct Question {
    /// How the network is called.
    pub place: Name,
    /// How the plan is called.
    pub plan: String,
    /// The network under the plan.
    pub shared: Network,
    /// The same network without sharing.
    pub full: Network,
    /// The line for estimates of time.
    pub link: Link,
}

/// The costs in one world.
pub struct Answer {
    /// The world's name.
    pub world: &'static str,
    /// Under the plan.
    pub shared: NetworkCost,
    /// Without sharing.
    pub full: NetworkCost,
    /// Under the plan if all its affine gates were the server's secret.
    pub private: NetworkCost,
    /// Distinct pieces that were run for these.
    pub pieces: usize,
}

/// Answers a question in the worlds that have costs.
///
/// # Errors
/// [`CliError::Cost`] if the network cannot be costed.
pub fn explore(question: &Question, worlds: &[World]) -> Result<Vec<Answer>, CliError> {
    let private = private(question)?;
    let mut answers = Vec::new();
    for world in worlds.iter().filter(|world| world.has_costs) {
        let mut engine = Engine::new(*world);
        let mut cost = |network: &Network| -> Result<NetworkCost, CliError> {
            let failed = |source| CliError::Cost { network: question.place.clone(), source };
            engine.cost(network).map_err(failed)?.ok_or(CostError::Overflow).map_err(failed)
        };
        let (shared, full, private) = (cost(&question.shared)?, cost(&question.full)?, cost(&private)?);
        answers.push(Answer { world: world.name, shared, full, private, pieces: engine.distinct() });
    }
    Ok(answers)
}

/// The network under the plan with all affine gates private.
fn private(question: &Question) -> Result<Network, CliError> {
    let plan = question.shared.plan();
    let layers = plan.layers().iter();
    let layers = layers.map(|layer| PlanLayer { visibility: Visibility::Private, ..layer.clone() });
    let plan = Plan::new(plan.width(), plan.step(), layers.collect());
    let network = plan.map_err(|source| source.into()).and_then(|plan| question.shared.with_plan(plan.public_part()));
    network.map_err(|source| CliError::Network { file: question.place.clone(), source })
}
