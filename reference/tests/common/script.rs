//! Programs below networks: a list of calls of the functionalities, for every backend, and what it computes in the clear.
#![allow(dead_code)] // Each test file uses a part of it.

use crate::maps::MapSpec;
use crate::values::{signed, split, unsigned};
use deepshare_reference::backend::run::Sides;
use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, RingVector, ShapeRing, Width};
use num_bigint::BigInt;

/// A call; vectors and gates are named by their number in the order in which they came to be.
#[derive(Clone, Debug)]
pub enum Call {
    /// Opens gates on a vector.
    Open { step: StepConvention, x: usize },
    /// Serves a vector by gates.
    Apply { groups: Vec<usize>, served: Ranges, x: usize },
    /// Opens gates on a vector and serves another.
    Activate { step: StepConvention, x: usize, earlier: Vec<usize>, served: Ranges, elements: usize },
    /// Truncates a vector.
    Truncate { x: usize, shift: u32 },
    /// Applies a map with the server's next private vector as weights.
    Linear { map: MapSpec, x: usize, batch: usize },
    /// Shares the client's next private vector.
    Input { len: usize },
    /// Opens a vector to the client.
    Output { x: usize },
}

/// A program: vectors that come shared, then calls.
#[derive(Clone, Debug)]
pub struct Script {
    /// The ring's width.
    pub width: Width,
    /// Lengths of the vectors that come shared.
    pub shared: Vec<usize>,
    /// The calls.
    pub calls: Vec<Call>,
}

/// What a script runs on, in the clear.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// The shared vectors.
    pub shared: Vec<Ring>,
    /// The server's weights.
    pub weights: Vec<Ring>,
    /// The client's inputs.
    pub inputs: Vec<Ring>,
}

impl Secrets {
    /// Both sides' vectors: shares, then what is private.
    pub fn sides(&self, seed: u64) -> Sides<Ring> {
        let (mut server, mut client) = (Vec::new(), Vec::new());
        for (i, x) in self.shared.iter().enumerate() {
            let [s, c] = split(x, if seed < 4 { seed } else { seed ^ i as u64 });
            server.push(s);
            client.push(c);
        }
        server.extend(self.weights.iter().cloned());
        client.extend(self.inputs.iter().cloned());
        Sides { server, client }
    }
}

/// The shapes of what both sides bring.
pub fn shapes(sides: &Sides<Ring>) -> Sides<ShapeRing> {
    let shape = |xs: &Vec<Ring>| xs.iter().map(|x| ShapeRing::constant(x.width(), x.len(), 0)).collect();
    Sides { server: shape(&sides.server), client: shape(&sides.client) }
}

/// The sums of both parties' vectors.
pub fn reconstruct(outputs: &Sides<Ring>) -> Vec<Vec<u64>> {
    let pairs = outputs.server.iter().zip(&outputs.client);
    pairs.map(|(s, c)| s.add(c).unwrap().elements().to_vec()).collect()
}

/// The elements that a selection selects.
pub fn selected(served: &Ranges) -> Vec<usize> {
    served.runs().unwrap().flat_map(|(start, len)| start..start + len).collect()
}

/// DReLU by its definition, in 128 bits.
pub fn drelu(width: Width, step: StepConvention, x: u64) -> bool {
    match step {
        StepConvention::Nonnegative => signed(width, x) >= 0,
        StepConvention::Positive => signed(width, unsigned(width, i128::from(x) - 1)) >= 0,
    }
}

/// floor(dec(x) / 2^f) by Euclidean division.
pub fn floor(width: Width, x: u64, shift: u32) -> u64 {
    unsigned(width, signed(width, x).div_euclid(1 << shift))
}

impl Script {
    /// What every vector that a call makes is, in the clear; what `Output` opens is not among them.
    pub fn plain(&self, secrets: &Secrets) -> Vec<Vec<u64>> {
        let (mut weights, mut inputs) = (secrets.weights.iter(), secrets.inputs.iter());
        let mut values: Vec<Vec<u64>> = secrets.shared.iter().map(|x| x.elements().to_vec()).collect();
        let mut gates: Vec<Vec<bool>> = Vec::new();
        let bits = |step, x: &Vec<u64>| x.iter().map(|&x| drelu(self.width, step, x)).collect();
        for call in &self.calls {
            let value = match call {
                Call::Open { step, x } => {
                    gates.push(bits(*step, &values[*x]));
                    continue;
                }
                Call::Apply { groups, served, x } => serve(&gates, groups, served, &values[*x]),
                Call::Activate { step, x, earlier, served, elements } => {
                    gates.push(bits(*step, &values[*x]));
                    let groups: Vec<usize> = earlier.iter().copied().chain([gates.len() - 1]).collect();
                    serve(&gates, &groups, served, &values[*elements])
                }
                Call::Truncate { x, shift } => values[*x].iter().map(|&x| floor(self.width, x, *shift)).collect(),
                Call::Linear { map, x, batch } => {
                    linear(self.width, map, weights.next().unwrap().elements(), &values[*x], *batch)
                }
                Call::Input { .. } => inputs.next().unwrap().elements().to_vec(),
                Call::Output { .. } => continue,
            };
            values.push(value);
        }
        values.split_off(self.shared.len())
    }
}

fn serve(gates: &[Vec<bool>], groups: &[usize], served: &Ranges, x: &[u64]) -> Vec<u64> {
    let bits: Vec<bool> = groups.iter().flat_map(|&group| gates[group].clone()).collect();
    selected(served).iter().zip(x).map(|(&gate, &x)| if bits[gate] { x } else { 0 }).collect()
}

/// The map on representatives, by its definition, modulo 2^k.
pub fn linear(width: Width, map: &MapSpec, weights: &[u64], x: &[u64], batch: usize) -> Vec<u64> {
    let big = |xs: &[u64]| xs.iter().map(|&x| BigInt::from(x)).collect::<Vec<_>>();
    let modulus = BigInt::from(1_u128 << width.bits());
    let (weights, each) = (big(weights), map.sizes()[1]);
    let mut y = Vec::new();
    for n in 0..batch {
        let sums = map.naive(&weights, &big(&x[n * each..(n + 1) * each]));
        y.extend(sums.iter().map(|sum| u64::try_from(sum % &modulus).unwrap()));
    }
    y
}

/// A layer's elements, those with gates and those that are served, from two vectors which may be one.
fn beside<R: RingVector>(x: &R, elements: &R, one: bool) -> (R, Ranges, Ranges) {
    if one {
        return (x.clone(), Ranges::all(x.len()), Ranges::all(x.len()));
    }
    let all = R::concat(x.width(), &[x, elements]).unwrap();
    let part = |start, len| Ranges::new(all.len(), [(start, len)]).unwrap();
    let (prototypes, gated) = (part(0, x.len()), part(x.len(), elements.len()));
    (all, prototypes, gated)
}

impl Program for Script {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut own = own.into_iter();
        let shape = |&len: &usize| B::Share::constant(self.width, len, 0);
        let mut values: Vec<B::Share> =
            self.shared.iter().map(|len| own.next().unwrap_or_else(|| shape(len))).collect();
        let mut gates: Vec<Option<B::Gates>> = Vec::new();
        let mut opened = Vec::new();
        for call in &self.calls {
            match call {
                Call::Open { step, x } => gates.push(Some(backend.open(*step, &values[*x]).await?)),
                Call::Apply { groups, served, x } => {
                    let mut taken: Vec<B::Gates> = groups.iter().map(|&i| gates[i].take().unwrap()).collect();
                    let mut slots: Vec<&mut B::Gates> = taken.iter_mut().collect();
                    let y = backend.apply(&mut slots, served, &values[*x]).await?;
                    values.push(y);
                    groups.iter().zip(taken).for_each(|(&i, group)| gates[i] = Some(group));
                }
                Call::Activate { step, x, earlier, served, elements } => {
                    let mut taken: Vec<B::Gates> = earlier.iter().map(|&i| gates[i].take().unwrap()).collect();
                    let slots = taken.iter_mut().collect();
                    let (x, prototypes, gated) = beside(&values[*x], &values[*elements], x == elements);
                    let layer = Activation { step: *step, prototypes: &prototypes, gated: &gated, served };
                    let (own, y) = backend.activate(&layer, &x, slots).await?;
                    values.push(y);
                    earlier.iter().zip(taken).for_each(|(&i, group)| gates[i] = Some(group));
                    gates.push(Some(own));
                }
                Call::Truncate { x, shift } => {
                    let y = backend.truncate(&values[*x], *shift).await?;
                    values.push(y);
                }
                Call::Linear { map, x, batch } => {
                    let weights = if backend.role() == Role::Server { own.next() } else { None };
                    let weights = backend.weights(&map.map(), self.width, weights.as_ref()).await?;
                    let y = backend.linear(&weights, &values[*x], *batch).await?;
                    values.push(y);
                }
                Call::Input { len } => {
                    let image = if backend.role() == Role::Client { own.next() } else { None };
                    let x = backend.input(image.as_ref(), self.width, *len).await?;
                    values.push(x);
                }
                Call::Output { x } => opened.extend(backend.output(&values[*x]).await?),
            }
        }
        let mut results = values.split_off(self.shared.len());
        results.extend(opened);
        Ok(results)
    }
}
