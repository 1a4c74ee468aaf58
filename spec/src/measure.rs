//! Short programs over the reference and their measurement, so that the book's code blocks show formulas and little else.

use deepshare_reference::backend::run::{self, Outcome, Session, Sides};
use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::backend::{run_fss, run_garbled, run_ot};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Coins, PartyError, Phase, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Concrete, LinearMap, Ranges, Ring, RingVector, ShapeRing, ValueError, Width};

/// Any error of a code block.
pub type Error = Box<dyn std::error::Error>;

/// A selection as (start, length) runs.
pub type Runs = [(usize, usize)];

/// The protocols that a code block runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocols {
    /// `gmw`, with a dealer.
    Gmw,
    /// `ot`; concrete runs take their base OTs from F_BaseOT, which is quicker and changes no online frame.
    Ot,
    /// `ot-dealer`, from base OTs up.
    OtDealer,
    /// `fss`: gates serve their own layer by the payload of their keys.
    Fss,
    /// `fss-select`: gates serve their own layer by their bit, opened under a mask.
    FssSelect,
    /// `garbled`; concrete runs take their base OTs from F_BaseOT.
    Garbled,
}

/// The program of a code block: one shared vector, and operations on it, one after the other.
#[derive(Clone, Debug)]
pub struct Script {
    protocols: Protocols,
    width: Width,
    len: usize,
    from_input: bool,
    operations: Vec<Operation>,
}

#[derive(Clone, Debug)]
enum Operation {
    Open { step: StepConvention, gates: Vec<(usize, usize)> },
    Apply { served: Vec<(usize, usize)> },
    Activate { step: StepConvention, gates: Vec<(usize, usize)>, served: Vec<(usize, usize)> },
    Truncate { shift: u32 },
    Linear { map: LinearMap, batch: usize },
    Output,
}

impl Script {
    /// A program that starts on shares of `len` elements of `k` bits.
    ///
    /// # Errors
    /// A width outside 2..=64.
    pub fn on_shares(k: u64, len: usize) -> Result<Script, Error> {
        let (protocols, width) = (Protocols::Gmw, Width::new(k)?);
        Ok(Script { protocols, width, len, from_input: false, operations: Vec::new() })
    }

    /// A program that starts with the client's input of `len` elements of `k` bits.
    ///
    /// # Errors
    /// A width outside 2..=64.
    pub fn on_input(k: u64, len: usize) -> Result<Script, Error> {
        Ok(Script { from_input: true, ..Script::on_shares(k, len)? })
    }

    /// The same program over other protocols than those of `gmw`.
    #[must_use]
    pub fn over(self, protocols: Protocols) -> Script {
        Script { protocols, ..self }
    }

    /// Opens gates on the selected elements of the current vector.
    #[must_use]
    pub fn open(self, step: StepConvention, gates: &Runs) -> Script {
        self.then(Operation::Open { step, gates: gates.to_vec() })
    }

    /// Serves the whole current vector by gates; `served` selects from all gates opened so far, in order.
    #[must_use]
    pub fn apply(self, served: &Runs) -> Script {
        self.then(Operation::Apply { served: served.to_vec() })
    }

    /// Opens gates and serves the whole current vector in one call.
    #[must_use]
    pub fn activate(self, step: StepConvention, gates: &Runs, served: &Runs) -> Script {
        self.then(Operation::Activate { step, gates: gates.to_vec(), served: served.to_vec() })
    }

    /// Truncates the current vector.
    #[must_use]
    pub fn truncate(self, shift: u32) -> Script {
        self.then(Operation::Truncate { shift })
    }

    /// Applies a linear map, whose weights the server brings and prepares before everything else.
    #[must_use]
    pub fn linear(self, map: &LinearMap, batch: usize) -> Script {
        self.then(Operation::Linear { map: map.clone(), batch })
    }

    /// Opens the current vector to the client.
    #[must_use]
    pub fn output(self) -> Script {
        self.then(Operation::Output)
    }

    fn then(mut self, operation: Operation) -> Script {
        self.operations.push(operation);
        self
    }

    fn maps(&self) -> impl Iterator<Item = &LinearMap> {
        self.operations.iter().filter_map(|operation| match operation {
            Operation::Linear { map, .. } => Some(map),
            _ => None,
        })
    }

    /// The transcripts of a concrete run on random values and of a run on shapes; a code block holds both to its formula.
    ///
    /// # Errors
    /// What the runs report.
    pub fn transcripts(&self) -> Result<[Transcript; 2], Error> {
        let weights: Result<Vec<Ring>, Error> = self.maps().map(|map| random(self.width, map.weights(), 3)).collect();
        let shares = [random(self.width, self.len, 1)?, random(self.width, self.len, 2)?];
        let concrete = self.real(shares, weights?)?.transcript;
        Ok([concrete, self.shapes()?])
    }

    /// The transcript of a run on shapes.
    ///
    /// # Errors
    /// What the run reports.
    pub fn shapes(&self) -> Result<Transcript, Error> {
        let shape = |len| ShapeRing::constant(self.width, len, 0);
        let weights = self.maps().map(|map| shape(map.weights())).collect();
        let sides = self.sides([shape(self.len), shape(self.len)], weights);
        Ok(match self.protocols {
            Protocols::Gmw => run::gmw_cost(self, sides)?,
            Protocols::Ot => run_ot::ot_cost(self, sides)?,
            Protocols::OtDealer => run_ot::ot_dealer_cost(self, sides)?,
            Protocols::Fss => run_fss::fss_cost(self, sides, Serving::Payload)?,
            Protocols::FssSelect => run_fss::fss_cost(self, sides, Serving::Select)?,
            Protocols::Garbled => run_garbled::garbled_cost(self, sides)?,
        })
    }

    /// The transcript of a run of `ot`, or of `garbled` if the script is over it, from base OTs up, on random values.
    ///
    /// # Errors
    /// What the run reports.
    pub fn from_base_ots(&self) -> Result<Transcript, Error> {
        let weights: Result<Vec<Ring>, Error> = self.maps().map(|map| random(self.width, map.weights(), 3)).collect();
        let shares = [random(self.width, self.len, 1)?, random(self.width, self.len, 2)?];
        let (sides, seed, session) = (self.sides(shares, weights?), Seed([5; 32]), Session::default());
        Ok(match self.protocols {
            Protocols::Garbled => run_garbled::garbled(self, sides, &seed, session)?,
            _ => run_ot::ot(self, sides, &seed, session)?,
        }
        .transcript)
    }

    /// The values that the program computes from the integers x, over its protocols and in the ideal world; `weights` are those
    /// of its linear maps, in order.
    ///
    /// # Errors
    /// An integer that does not fit, and what the runs report.
    pub fn values(&self, x: &[i64], weights: &[&[i64]]) -> Result<[Vec<i64>; 2], Error> {
        let x = Ring::from_integers(self.width, x)?;
        let x0 = if self.from_input { x.scale(0) } else { random(self.width, x.len(), 4)? };
        self.values_of_shares([x0.clone(), x.sub(&x0)?], weights)
    }

    /// As [`Script::values`], from given shares.
    ///
    /// # Errors
    /// As [`Script::values`].
    pub fn values_of_shares(&self, shares: [Ring; 2], weights: &[&[i64]]) -> Result<[Vec<i64>; 2], Error> {
        let weights: Result<Vec<Ring>, _> = weights.iter().map(|w| Ring::from_integers(self.width, w)).collect();
        let weights = weights?;
        let real = self.real(shares.clone(), weights.clone())?;
        let ideal = run::ideal(self, self.sides(shares, weights), &Seed([6; 32]), Session::default())?;
        Ok([reconstruct(&real)?, reconstruct(&ideal)?])
    }

    fn real(&self, shares: [Ring; 2], weights: Vec<Ring>) -> Result<Outcome<Ring>, Error> {
        let (sides, seed, session) = (self.sides(shares, weights), Seed([5; 32]), Session::default());
        Ok(match self.protocols {
            Protocols::Gmw => run::gmw(self, sides, &seed, session)?,
            Protocols::Ot => run_ot::ot_on_ideal_base(self, sides, &seed, session)?,
            Protocols::OtDealer => run_ot::ot_dealer(self, sides, &seed, session)?,
            Protocols::Fss => run_fss::fss(self, sides, Serving::Payload, &seed, session)?,
            Protocols::FssSelect => run_fss::fss(self, sides, Serving::Select, &seed, session)?,
            Protocols::Garbled => run_garbled::garbled_on_ideal_base(self, sides, &seed, session)?,
        })
    }

    fn sides<R>(&self, [x0, x1]: [R; 2], weights: Vec<R>) -> Sides<R> {
        let first = if self.from_input { None } else { Some(x0) };
        Sides { server: first.into_iter().chain(weights).collect(), client: vec![x1] }
    }
}

impl Program for Script {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let (role, mut own) = (backend.role(), own.into_iter());
        let has_share = role == Role::Client || !self.from_input;
        let first = if has_share { own.next() } else { None };
        let mut prepared = Vec::new();
        for map in self.maps() {
            prepared.push(backend.weights(map, self.width, own.next().as_ref()).await?);
        }
        let mut prepared = prepared.iter();
        let mut x = match first {
            share if self.from_input => backend.input(share.as_ref(), self.width, self.len).await?,
            Some(share) => share,
            None => B::Share::constant(self.width, self.len, 0),
        };
        let (mut groups, mut opened) = (Vec::new(), 0);
        let select = |len: usize, runs: &Runs| Ranges::new(len, runs.iter().copied()).map_err(|e| failed(role, e));
        for operation in &self.operations {
            match operation {
                Operation::Open { step, gates } => {
                    let prototypes = x.gather(&select(x.len(), gates)?).map_err(|e| failed(role, e))?;
                    opened += prototypes.len();
                    groups.push(backend.open(*step, &prototypes).await?);
                }
                Operation::Apply { served } => {
                    let mut all: Vec<&mut B::Gates> = groups.iter_mut().collect();
                    x = backend.apply(&mut all, &select(opened, served)?, &x).await?;
                }
                Operation::Activate { step, gates, served } => {
                    let prototypes = select(x.len(), gates)?;
                    opened += prototypes.len();
                    let (gated, served) = (Ranges::all(x.len()), select(opened, served)?);
                    let layer = Activation { step: *step, prototypes: &prototypes, gated: &gated, served: &served };
                    let (gates, y) = backend.activate(&layer, &x, groups.iter_mut().collect()).await?;
                    groups.push(gates);
                    x = y;
                }
                Operation::Truncate { shift } => x = backend.truncate(&x, *shift).await?,
                Operation::Linear { batch, .. } => {
                    let missing = || PartyError::Misuse { role, what: "weights are missing".into() };
                    x = backend.linear(prepared.next().ok_or_else(missing)?, &x, *batch).await?;
                }
                Operation::Output => return Ok(backend.output(&x).await?.into_iter().collect()),
            }
        }
        Ok(vec![x])
    }
}

fn failed(role: Role, source: ValueError) -> PartyError {
    PartyError::Value { role, step: "script", source }
}

/// The sum of both parties' outputs, or the client's alone where the server has none, as integers.
fn reconstruct(outcome: &Outcome<Ring>) -> Result<Vec<i64>, Error> {
    let (server, client) = (outcome.outputs.server.first(), outcome.outputs.client.first());
    match (server, client) {
        (Some(y0), Some(y1)) => Ok(y0.add(y1)?.to_integers()),
        (None, Some(y)) => Ok(y.to_integers()),
        _ => Err("the client has no output".into()),
    }
}

/// A random vector that is the same in every run.
///
/// # Errors
/// None in practice: the coins do not end.
pub fn random(width: Width, len: usize, seed: u8) -> Result<Ring, Error> {
    let mut coins = SeedCoins::new(&Seed([seed; 32]), "book", Role::Trusted);
    Ok(Coins::<Concrete>::ring(&mut coins, width, len)?)
}

/// All pairs (x0, x1) of ring elements of k bits, 2^(2k) of them: every value under every split.
///
/// # Errors
/// A width outside 2..=64.
pub fn all_splits(k: u64) -> Result<[Ring; 2], Error> {
    let width = Width::new(k)?;
    let pairs = 0..1_u64 << (2 * k);
    let element = |shift: u64| Ring::new(width, pairs.clone().map(|pair| pair >> shift).collect());
    Ok([element(0), element(k)])
}

/// The payload bits that the server and that the client sent to each other in a phase.
pub fn sent(transcript: &Transcript, phase: Phase) -> (u64, u64) {
    let cost = transcript.cost(phase);
    (cost.server_bits, cost.client_bits)
}

/// The payload bits that the dealer sent to the server and to the client in a phase.
pub fn dealt(transcript: &Transcript, phase: Phase) -> (u64, u64) {
    let to = |role| transcript.cost_where(|entry| entry.phase == phase && entry.to == role).trusted_bits;
    (to(Role::Server), to(Role::Client))
}

/// The rounds of a phase.
pub fn rounds(transcript: &Transcript, phase: Phase) -> u32 {
    transcript.cost(phase).rounds
}

/// ceil(log2 n) for n >= 1, from its definition: the least e with 2^e >= n. Independent of the reference's own.
pub fn ceil_log2(n: u64) -> u64 {
    let mut exponent = 0;
    while (1_u64 << exponent) < n {
        exponent += 1;
    }
    exponent
}

/// The element counts at which code blocks check their formulas: 1, and numbers that fill no byte and no word.
pub const COUNTS: [usize; 5] = [1, 3, 8, 13, 65];
