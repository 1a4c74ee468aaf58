//! The explorer's answer as JSON, as `spec/schema/cost.schema.json` has it.

use super::engine::NetworkCost;
use super::error::CostError;
use super::explore::{Answer, Question};
use super::piece::Part;
use super::spent::Spent;
use super::systems::SYSTEMS;
use crate::error::CliError;
use crate::output::json_count;
use deepshare_reference::plan::Counts;
use serde_json::{Map, Value, json};

/// The object.
///
/// # Errors
/// [`CliError::Cost`] if a sum does not fit 64 bits.
pub fn json(question: &Question, answers: &[Answer]) -> Result<Value, CliError> {
    let failed = |source| CliError::Cost { network: question.place.clone(), source };
    let backends: Result<Vec<Value>, CostError> = answers.iter().map(|answer| backend(question, answer)).collect();
    let (shared, full) = (question.shared.plan().counts(), question.full.plan().counts());
    let systems = SYSTEMS.iter().map(|system| {
        json!({
            "name": system.name,
            "setting": system.setting,
            "source": system.source,
            "width": 64,
            "rounds_of_drelu": system.rounds,
            "plan_bits": system.bits(&shared).map(json_count),
            "full_bits": system.bits(&full).map(json_count),
        })
    });
    Ok(json!({
        "network": question.place.0,
        "width": question.shared.width().bits(),
        "activation_layers": question.shared.plan().layers().len(),
        "plan": counts(question, &shared),
        "link": {
            "name": question.link.name,
            "bits_per_second": question.link.bandwidth,
            "seconds_one_way": question.link.latency,
        },
        "backends": backends.map_err(failed)?,
        "systems": systems.collect::<Vec<_>>(),
    }))
}

fn counts(question: &Question, counts: &Counts) -> Value {
    let fan_outs = question.shared.plan().fan_outs();
    json!({
        "name": question.plan,
        "drelus": counts.drelus,
        "baseline": counts.baseline,
        "products": counts.multiplexed,
        "linear": counts.linear,
        "mean_fan_out": if counts.drelus == 0 { None } else { Some(counts.multiplexed as f64 / counts.drelus as f64) },
        "largest_fan_out": fan_outs.into_values().max().unwrap_or(0),
    })
}

fn backend(question: &Question, answer: &Answer) -> Result<Value, CostError> {
    let (shared, full) = (answer.shared.online()?.bits()?, answer.full.online()?.bits()?);
    Ok(json!({
        "name": answer.world,
        "plan": cost(question, &answer.shared)?,
        "full": cost(question, &answer.full)?,
        "online_ratio": if full == 0 { None } else { Some(shared as f64 / full as f64) },
        "private_gates_would_add_bits": json_count(answer.private.part(Part::Affine)?),
        "distinct_pieces": answer.pieces,
    }))
}

fn cost(question: &Question, cost: &NetworkCost) -> Result<Value, CostError> {
    let online = cost.online()?;
    let mut parts = Map::new();
    for part in Part::ALL {
        parts.insert(part.name().to_owned(), json_count(cost.part(part)?));
    }
    Ok(json!({
        "online": traffic(&online, cost.rounds.online)?,
        "online_parts": parts,
        "offline": traffic(&cost.offline()?, cost.rounds.offline)?,
        "session": traffic(&cost.session, cost.rounds.session)?,
        "seconds": question.link.seconds(cost.rounds.online, online.bits()?),
    }))
}

fn traffic(spent: &Spent, rounds: u32) -> Result<Value, CostError> {
    Ok(json!({
        "bits": json_count(spent.bits()?),
        "server_bits": json_count(spent.server_bits),
        "client_bits": json_count(spent.client_bits),
        "dealer_bits": json_count(spent.trusted_bits),
        "wire_bytes": json_count(spent.wire_bytes),
        "frames": spent.frames,
        "rounds": rounds,
    }))
}
