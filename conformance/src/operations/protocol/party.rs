//! Operation `party`: one role of a whole inference, on frames that are given. [DS-ROLE-1]

use super::coins::StepCoins;
use super::expand;
use super::input::{self, PhaseName, hash32, refuse};
use super::script::{Script, Sent};
use super::stepped::Stepped;
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::ProtocolSteps;
use crate::vectors::types::{Bits, Bytes, Count, Element, Integer, Number, RoleName, elements, numbers};
use deepshare_reference::backend::live::LiveBackend;
use deepshare_reference::backend::role::{self, RoleEnd};
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Network, Operation as NetworkOperation};
use deepshare_reference::party::tcp::block_on;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{BitWire, PartyError, Role, SessionId};
use deepshare_reference::plan::{PlanLayer, Visibility};
use deepshare_reference::values::bits::{BitReader, words_from_bytes};
use deepshare_reference::values::{Concrete, Ring, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};

/// One role of an inference.
pub struct Party;

/// What the role brings, and what it receives.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    backend: String,
    role: RoleName,
    /// Whole for the server, its public part for the others.
    network: Map<String, Value>,
    batch: Count,
    session: Bytes,
    /// The role's own, not bound to the session.
    seed: Bytes,
    /// The client's.
    images: Option<Vec<Vec<Integer>>>,
    incoming: Vec<Arriving>,
}

/// A frame that arrives.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arriving {
    pub(super) from: RoleName,
    pub(super) frame: Bytes,
}

/// What the role sends, and what it learns.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    outgoing: Vec<Departing>,
    /// The client's: for each image the outputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<Vec<Vec<Element>>>,
}

/// A frame that is sent.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Departing {
    to: RoleName,
    frame: Bytes,
}

/// A role that is ready to run.
struct Ready<'a> {
    steps: &'a dyn ProtocolSteps,
    backend: LiveBackend,
    role: Role,
    network: Network,
    batch: usize,
    session: SessionId,
    seed: Seed,
    own: Vec<Ring>,
}

impl Operation for Party {
    const NAME: &'static str = "party";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, trace: &mut Trace) -> Result<Output, Refusal> {
        let mut incoming: BTreeMap<Role, VecDeque<Vec<u8>>> = BTreeMap::new();
        for Arriving { from, frame } in &input.incoming {
            incoming.entry((*from).into()).or_default().push_back(frame.0.clone());
        }
        let ready = Ready::new(steps.protocol(), &input)?;
        let script = Script::new(ready.steps, ready.role, ready.session, incoming);
        let result = ready.run(&script);
        let outgoing: Vec<Departing> = script.outgoing().iter().map(departing).collect();
        note(trace, ready.network.width(), &script.outgoing());
        match result {
            Ok(vectors) => Ok(Output { outgoing, outputs: ready.outputs(&vectors) }),
            Err(error) => Err(refusal(&error, Output { outgoing, outputs: None })),
        }
    }

    fn expand(owned: Value) -> Result<Value, Refusal> {
        expand::expand(owned)
    }
}

impl<'a> Ready<'a> {
    fn new(steps: &'a dyn ProtocolSteps, input: &Input) -> Result<Ready<'a>, Refusal> {
        let (backend, role) = (input::backend(&input.backend)?, Role::from(input.role));
        let network = input::network(&input.network)?;
        let batch = input.batch.length();
        let network = steps.followed(role, network);
        let own = own(steps, role, &network, batch, input.images.as_deref())?;
        let (session, seed) = (input::session(&input.session)?, input::seed(&input.seed)?);
        Ok(Ready { steps, backend, role, network, batch, session, seed, own })
    }

    /// Runs the program on the channel.
    fn run(&self, script: &Script<'_>) -> Result<Vec<Ring>, PartyError> {
        let seed = Seed(hash32(self.steps, &self.steps.session_seed(self.seed, self.session)));
        let coins = StepCoins::new(self.steps, self.backend.name, self.role, seed);
        let program = Inference::new(&self.network, self.batch);
        let program = Stepped { program, steps: self.steps, script: Some(script.clone()) };
        let mut channel = script.clone();
        let end = RoleEnd { channel: &mut channel, coins, session: self.session };
        match self.role {
            Role::Trusted => block_on(self.role, role::dealer(&program, self.backend, end)).map(|()| Vec::new()),
            party => block_on(party, role::party(&program, self.backend, end, self.own.clone())),
        }
    }

    fn outputs(&self, vectors: &[Ring]) -> Option<Vec<Vec<Element>>> {
        let output = vectors.first()?.elements();
        let one = self.network.output().shape.elements().max(1);
        Some(output.chunks(one).map(elements).collect())
    }
}

/// What a role brings.
pub(super) fn own(
    steps: &dyn ProtocolSteps,
    role: Role,
    network: &Network,
    batch: usize,
    images: Option<&[Vec<Integer>]>,
) -> Result<Vec<Ring>, Refusal> {
    match (role, images) {
        (Role::Server, None) => {
            parameters(steps, network).ok_or_else(|| Refusal::request("the server has the network with its weights"))
        }
        (Role::Client, Some(images)) => {
            let elements = network.input().shape.elements();
            if images.len() != batch || images.iter().any(|image| image.len() != elements) {
                let rule = format!("the client has {batch} images of {elements} elements");
                return Err(Refusal::request(rule));
            }
            let all: Vec<i64> = images.iter().flat_map(|image| numbers(image)).collect();
            Ok(vec![Ring::from_integers(network.width(), &all).map_err(refuse)?])
        }
        (Role::Trusted, None) => Ok(Vec::new()),
        _ => Err(Refusal::request("the client has images, and nobody else")),
    }
}

/// What the server brings: as the reference says, but for the order of private gates. [DS-LIN-6]
fn parameters(steps: &dyn ProtocolSteps, network: &Network) -> Option<Vec<Ring>> {
    let mut vectors = Inference::server_inputs(network)?.into_iter();
    let mut own = Vec::new();
    for layer in network.layers() {
        match &layer.operation {
            NetworkOperation::Linear { .. } => own.extend(vectors.by_ref().take(2)),
            NetworkOperation::Activation { layer } => {
                let layer = network.plan().layers().get(*layer);
                if let Some(layer) = layer.filter(|layer| layer.visibility == Visibility::Private) {
                    vectors.next()?;
                    own.push(gates(steps, network.width(), layer));
                }
            }
            _ => {}
        }
    }
    Some(own)
}

/// The gates of a private layer as elements.
pub(super) fn gates(steps: &dyn ProtocolSteps, width: Width, layer: &PlanLayer) -> Ring {
    Ring::new(width, steps.gate_weights(layer).into_iter().map(|weight| width.encode_wrapping(weight)).collect())
}

fn departing(sent: &Sent) -> Departing {
    Departing { to: sent.message.to.into(), frame: Bytes(sent.frame.clone()) }
}

/// Notes each frame under its number among those to its receiver. [DS-VEC-7]
fn note(trace: &mut Trace, width: Width, sent: &[Sent]) {
    let mut numbers: BTreeMap<Role, u64> = BTreeMap::new();
    for frame in sent {
        let number = numbers.entry(frame.message.to).or_default();
        let name = format!("{number} to {} {}", frame.message.to, frame.header.step);
        *number += 1;
        trace.note(name, frame.message.step.clause, value(frame, width));
    }
}

/// The longest payload that is shown as elements or bits, in bytes. [DS-VEC-7]
const MAX_SHOWN: usize = 256;

/// A frame as people read it.
fn value(Sent { message, header, frame }: &Sent, width: Width) -> Value {
    let content = message.content;
    let mut value = json!({
        "frame": Bytes(frame.clone()),
        "phase": PhaseName::from(header.phase),
        "round": header.round,
        "sequence": Number(header.sequence),
        "label": header.step,
        "payload": Bytes(message.payload.clone()),
    });
    if message.payload.len() > MAX_SHOWN {
        return value;
    }
    let payload = if content.ring {
        let bits = content.element_bits;
        let shift = width.bits().saturating_sub(bits);
        let count = content.count;
        words_from_bytes(&message.payload, count * bits as usize).ok().map(|words| {
            let mut reader = BitReader::at(&words, 0);
            let all: Vec<u64> = (0..count).map(|_| reader.take(bits) << shift).collect();
            json!({"width": bits + shift, "shift": shift, "elements": elements(&all)})
        })
    } else {
        let plane = Concrete::unpack_plane(message.payload.clone(), content.count).ok();
        plane.map(|plane| json!({"bits": Bits(plane.to_bits())}))
    };
    if let (Value::Object(fields), Some(Value::Object(payload))) = (&mut value, payload) {
        fields.extend(payload);
    }
    value
}

/// An error with its place and what was sent before it.
fn refusal(error: &PartyError, output: Output) -> Refusal {
    let refusal = Refusal::new(error.code(), error);
    let refusal = match error {
        PartyError::Frame { from, step, .. } | PartyError::Closed { from, step, .. } => {
            refusal.at("from", from.name()).at("step", *step)
        }
        _ => refusal,
    };
    Refusal { output: serde_json::to_value(output).ok(), ..refusal }
}
