//! `deepshare transcript`: every message of activation layers, decoded and with its clause.

use crate::error::CliError;
use crate::files;
use crate::output::print;
use crate::printable::Name;
use crate::seed::{UserSeed, session};
use crate::worlds::{self, World};
use clap::Args;
use deepshare_reference::backend::run::Sides;
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::network::activation::{activate, gate_weights, private_gates};
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::SPEC_VERSION;
use deepshare_reference::party::{Coins, PartyError, PublicPart, Role};
use deepshare_reference::plan::{
    Channel, Plan, PlanError, PlanFileError, PlanLayer, Source, StepConvention, Visibility,
};
use deepshare_reference::values::{Concrete, Ranges, Ring, RingVector, Shape, ValueError, Width};
use std::fmt::Write;
use std::path::PathBuf;

/// The most elements of a plan of which every value is shown.
const MAX_ELEMENTS: u64 = 1 << 16;

/// The options of a transcript.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:\n  deepshare transcript --width 4 --seed 00")]
pub struct TranscriptArgs {
    /// The world
    #[arg(long, value_name = "NAME", default_value = "gmw", value_parser = worlds::names(false))]
    pub backend: String,
    /// Ring width in bits, 2 to 64 [default: the plan's, else 8]
    #[arg(long, value_name = "K")]
    pub width: Option<u64>,
    /// Plan file; its layers run one after the other [default: a plan of two small layers]
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Seed of all randomness and of the inputs, 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Show values and bytes of each message: --values=false shows sizes only
    #[arg(long, default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub values: bool,
}

/// Prints a transcript.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or a party that fails.
pub fn transcript(args: &TranscriptArgs) -> Result<(), CliError> {
    let [world] = worlds::select(&args.backend)?.try_into().map_err(|_| CliError::Argument {
        argument: Name(format!("--backend {}", args.backend)),
        rule: "a transcript is of one world; name it".to_owned(),
    })?;
    let layers = Layers::new(args)?;
    let seed = UserSeed::from_option(args.seed.as_deref())?;
    print(&text(&world, &layers, &seed, args.values)?)
}

/// The program: the activation layers of a plan on the client's inputs, each output truncated and opened.
struct Layers {
    plan: Plan,
    /// Bits to truncate from each layer's output.
    shifts: Vec<u32>,
}

impl Layers {
    fn new(args: &TranscriptArgs) -> Result<Layers, CliError> {
        let width = |bits| {
            Width::new(bits).map_err(|source| CliError::Value { place: Name(format!("--width {bits}")), source })
        };
        let Some(path) = &args.plan else {
            let plan = small_plan(width(args.width.unwrap_or(8))?)?;
            return Ok(Layers { plan, shifts: vec![0, 1] });
        };
        let (file, mut plan) = (files::name(path), files::plan(path)?);
        let elements = plan.counts().baseline;
        if elements > MAX_ELEMENTS {
            return Err(CliError::TooManyElements { file, elements, limit: MAX_ELEMENTS });
        }
        if let Some(bits) = args.width {
            let error = |source: PlanError| CliError::Plan { file, source: PlanFileError::Plan(source) };
            plan = plan.with_width(width(bits)?).map_err(error)?;
        }
        let shifts = plan.layers().iter().map(|layer| layer.gate_scale).collect();
        Ok(Layers { plan, shifts })
    }

    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.plan.layers().iter().map(|layer| layer.shape.elements())
    }

    /// The affine gates of private layers.
    fn server_inputs(&self) -> Vec<Ring> {
        let width = self.plan.width();
        let private = self.plan.layers().iter().filter(|layer| layer.visibility == Visibility::Private);
        let gates = private.map(|layer| gate_weights(layer).into_iter().map(|w| width.encode_wrapping(w)).collect());
        gates.map(|gates| Ring::new(width, gates)).collect()
    }
}

/// Layer 0: a prototype and its replicate; layer 1: another replicate of it. Two neurons each.
fn small_plan(width: Width) -> Result<Plan, CliError> {
    let place = || Name::from("plan");
    let layer = |channels: Vec<Source>| {
        let shape = Shape::new(channels.len(), 1, 2).map_err(|source| CliError::Value { place: place(), source })?;
        let channels = channels.into_iter().map(|source| Channel { source, gate: None }).collect();
        Ok::<_, CliError>(PlanLayer { shape, gate_scale: 0, visibility: Visibility::Public, channels })
    };
    let replicate = Source::Replicate { layer: 0, channel: 0 };
    let layers = vec![layer(vec![Source::Prototype, replicate])?, layer(vec![replicate])?];
    Plan::new(width, StepConvention::Nonnegative, layers)
        .map_err(|source| CliError::Plan { file: place(), source: PlanFileError::Plan(source) })
}

impl Program for Layers {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let (role, width) = (backend.role(), self.plan.width());
        let error = |source: ValueError| PartyError::Value { role, step: "transcript", source };
        let mut own = own.into_iter();
        let mut weights = Vec::new();
        for layer in self.plan.layers() {
            weights.push(match private_gates(layer).map_err(error)? {
                Some(map) => {
                    let gates = if role == Role::Server { own.next() } else { None };
                    Some(backend.weights(&map, width, gates.as_ref()).await?)
                }
                None => None,
            });
        }
        let input = if role == Role::Client { own.next() } else { None };
        let all = self.lengths().sum();
        let input = backend.input(input.as_ref(), width, all).await?;
        let (mut outputs, mut gates, mut start) = (Vec::new(), Vec::new(), 0);
        for (index, ((len, shift), weights)) in self.lengths().zip(&self.shifts).zip(&weights).enumerate() {
            let x = input.gather(&Ranges::new(all, [(start, len)]).map_err(error)?).map_err(error)?;
            let y = activate(backend, &self.plan, index, 1, &mut gates, weights.as_ref(), &x).await?;
            outputs.push(backend.truncate(&y, *shift).await?);
            start += len;
        }
        let mut opened = Vec::new();
        for y in &outputs {
            opened.extend(backend.output(y).await?);
        }
        Ok(opened)
    }
}

fn text(world: &World, layers: &Layers, seed: &UserSeed, values: bool) -> Result<String, CliError> {
    let plan = &layers.plan;
    let party = |source| CliError::Party { world: world.name, source };
    let mut coins = SeedCoins::new(&seed.seed(), "inputs", Role::Client);
    let inputs = Coins::<Concrete>::ring(&mut coins, plan.width(), layers.lengths().sum()).map_err(party)?;
    let own = Sides { server: layers.server_inputs(), client: vec![inputs.clone()] };
    let public = plan.public_part().to_json();
    let pieces = [("specification version", SPEC_VERSION), ("backend", world.name), ("plan", public.as_str())];
    let digest = PublicPart::new(pieces).digest();
    let transcript = if values { Transcript::observed() } else { Transcript::default() };
    let session = session(&seed.seed(), &digest, transcript);
    let outcome = world.run(layers, own, &seed.seed(), session).map_err(party)?;

    let mut text = format!(
        "world {}: {}\nring width {} bits, step {}, seed {seed}\n",
        world.name,
        world.description,
        plan.width(),
        plan.step()
    );
    let mut x = inputs.to_integers().into_iter();
    for (index, (layer, shift)) in plan.layers().iter().zip(&layers.shifts).enumerate() {
        let x: Vec<i64> = x.by_ref().take(layer.shape.elements()).collect();
        let y = outcome.outputs.client.get(index).map(Ring::to_integers).unwrap_or_default();
        let cut = if *shift == 0 { String::new() } else { format!(", then truncated by {shift}") };
        // writing to a string cannot fail
        let _ = writeln!(text, "layer {index}, shape {}: {}{cut}", layer.shape, sources(layer));
        let _ = writeln!(text, "  input  {}\n  output {}", list(&x), list(&y));
    }
    Ok(format!("{text}\n{}", outcome.transcript.annotated()))
}

/// What the channels of a layer are.
fn sources(layer: &PlanLayer) -> String {
    let shown = layer.channels.iter().take(8).map(|channel| match channel.source {
        Source::Prototype => "prototype".to_owned(),
        Source::Linear => "linear".to_owned(),
        Source::Replicate { layer, channel } => format!("replicate of layer {layer} channel {channel}"),
    });
    let more = if layer.channels.len() > 8 { ", .." } else { "" };
    format!("{}{more}", shown.collect::<Vec<String>>().join(", "))
}

/// The first values of a list.
fn list(values: &[i64]) -> String {
    let shown: Vec<String> = values.iter().take(16).map(i64::to_string).collect();
    let more = if values.len() > 16 { " .." } else { "" };
    format!("{}{more}", shown.join(" "))
}
