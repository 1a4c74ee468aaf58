//! Programs over all backends: lists of calls, on lanes, and what they compute in the clear.

use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::gate::drelu_ring;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::truncate::truncate_ring;
use deepshare_reference::values::{LinearMap, Ranges, RingVector, Shape, ValueError, Width};

/// A call. Vectors and groups of gates are named by their number in the order in which they came to be; an element of a
/// vector stands for all its lanes.
#[derive(Clone, Debug)]
pub enum Call {
    /// Opens a gate on every element of a vector.
    Open {
        /// The vector.
        x: usize,
    },
    /// Serves a vector by gates of some groups: for each element its gate, of all groups' gates one after the other.
    Apply {
        /// The groups.
        groups: Vec<usize>,
        /// The gates.
        served: Vec<usize>,
        /// The vector.
        x: usize,
    },
    /// An activation layer: opens gates on some elements of a vector, and serves some by these and by earlier gates.
    Activate {
        /// The vector.
        x: usize,
        /// On which elements gates are opened.
        prototypes: Vec<usize>,
        /// Which elements are served.
        gated: Vec<usize>,
        /// The earlier groups.
        earlier: Vec<usize>,
        /// For each served element its gate, of the earlier groups' gates, then of the new ones.
        served: Vec<usize>,
    },
    /// Truncates a vector.
    Truncate {
        /// The vector.
        x: usize,
        /// The shift in bits.
        shift: u32,
    },
    /// Multiplies each element by a weight of the server's. A use of weights that were given before names them.
    Multiply {
        /// The vector.
        x: usize,
        /// The number of earlier weights, unless the server gives its next.
        weights: Option<usize>,
    },
    /// Shares the client's next private vector.
    Input {
        /// Its elements.
        len: usize,
    },
    /// Opens a vector to the client.
    Output {
        /// The vector.
        x: usize,
    },
}

/// A program on lanes.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The ring's width.
    pub width: Width,
    /// The step convention of all gates.
    pub step: StepConvention,
    /// The elements of each vector that comes shared.
    pub shared: Vec<usize>,
    /// The calls.
    pub calls: Vec<Call>,
    /// The number of lanes.
    pub lanes: usize,
}

/// What a program computes: every vector that a call makes, and what is opened.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    /// The vectors.
    pub made: Vec<Vec<u64>>,
    /// What `Output` opens.
    pub opened: Vec<Vec<u64>>,
}

impl Calls {
    /// How many elements every vector has, shared ones first.
    pub fn lengths(&self) -> Vec<usize> {
        let mut lengths = self.shared.clone();
        for call in &self.calls {
            let len = match call {
                Call::Apply { x, .. } | Call::Truncate { x, .. } | Call::Multiply { x, .. } => at(&lengths, *x),
                Call::Activate { gated, .. } => gated.len(),
                Call::Input { len } => *len,
                Call::Open { .. } | Call::Output { .. } => continue,
            };
            lengths.push(len);
        }
        lengths
    }

    /// How many weights the server brings, and how many elements of inputs the client.
    pub fn private(&self) -> [usize; 2] {
        let lengths = self.lengths();
        let weights = self.calls.iter().map(|call| match call {
            Call::Multiply { x, weights: None } => at(&lengths, *x),
            _ => 0,
        });
        let inputs = self.calls.iter().map(|call| if let Call::Input { len } = call { *len } else { 0 });
        [weights.sum(), inputs.sum()]
    }

    /// The program in the clear, from the shared vectors, the weights and the inputs, each one after the other.
    pub fn plain(&self, shared: &[u64], mut weights: &[u64], mut inputs: &[u64]) -> Computed {
        let mut rest = shared;
        let mut values: Vec<Vec<u64>> = self.shared.iter().map(|len| take(&mut rest, *len)).collect();
        let (mut groups, mut factors, mut opened) = (Vec::new(), Vec::new(), Vec::new());
        let bits = |x: &[u64]| x.iter().map(|&x| u64::from(drelu_ring(self.width, self.step, x))).collect::<Vec<u64>>();
        let times = |x: &[u64], y: &[u64]| {
            x.iter().zip(y).map(|(x, y)| self.width.reduce(x.wrapping_mul(*y))).collect::<Vec<u64>>()
        };
        for call in &self.calls {
            let value = match call {
                Call::Open { x } => {
                    groups.push(bits(&at(&values, *x)));
                    continue;
                }
                Call::Apply { groups: of, served, x } => times(&pick(&joined(&groups, of), served), &at(&values, *x)),
                Call::Activate { x, prototypes, gated, earlier, served } => {
                    let x = at(&values, *x);
                    groups.push(bits(&pick(&x, prototypes)));
                    let of: Vec<usize> = earlier.iter().copied().chain([groups.len() - 1]).collect();
                    times(&pick(&joined(&groups, &of), served), &pick(&x, gated))
                }
                Call::Truncate { x, shift } => {
                    let floor = |x: &u64| truncate_ring(self.width, *x, *shift).unwrap_or_default();
                    at(&values, *x).iter().map(floor).collect()
                }
                Call::Multiply { x, weights: number } => {
                    let x = at(&values, *x);
                    if number.is_none() {
                        factors.push(take(&mut weights, x.len()));
                    }
                    times(&at(&factors, number.unwrap_or(factors.len() - 1)), &x)
                }
                Call::Input { len } => take(&mut inputs, *len),
                Call::Output { x } => {
                    opened.push(at(&values, *x));
                    continue;
                }
            };
            values.push(value);
        }
        Computed { made: values.split_off(self.shared.len()), opened }
    }

    /// A selection of elements, each with all its lanes, from so many.
    fn select(&self, elements: &[usize], of: usize) -> Result<Ranges, PartyError> {
        let runs = elements.iter().map(|element| (element * self.lanes, self.lanes));
        Ranges::new(of * self.lanes, runs).map_err(error)
    }

    /// Gates for the elements, of groups of these lengths.
    fn serve<G>(&self, groups: &[G], len: impl Fn(&G) -> usize, served: &[usize]) -> Result<Ranges, PartyError> {
        self.select(served, groups.iter().map(len).sum())
    }
}

fn error(source: ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: "calls", source }
}

fn missing(what: &'static str) -> PartyError {
    PartyError::Misuse { role: Role::Trusted, what: format!("the program has no such {what}") }
}

fn at<T: Clone + Default>(list: &[T], number: usize) -> T {
    list.get(number).cloned().unwrap_or_default()
}

fn pick(list: &[u64], numbers: &[usize]) -> Vec<u64> {
    numbers.iter().map(|number| at(list, *number)).collect()
}

fn joined(groups: &[Vec<u64>], of: &[usize]) -> Vec<u64> {
    of.iter().flat_map(|number| at(groups, *number)).collect()
}

/// Takes the first elements of a list.
fn take(list: &mut &[u64], len: usize) -> Vec<u64> {
    let (first, rest) = list.split_at(len.min(list.len()));
    *list = rest;
    first.to_vec()
}

/// Groups of gates with their numbers of gates; one that is in use is taken out.
struct Groups<G> {
    slots: Vec<(usize, Option<G>)>,
}

impl<G> Groups<G> {
    fn push(&mut self, len: usize, gates: G) {
        self.slots.push((len, Some(gates)));
    }

    fn take(&mut self, numbers: &[usize]) -> Result<Vec<(usize, G)>, PartyError> {
        let slot = |number: &usize| {
            let (len, slot) = self.slots.get_mut(*number)?;
            Some((*len, slot.take()?))
        };
        numbers.iter().map(slot).collect::<Option<_>>().ok_or_else(|| missing("group of gates"))
    }

    fn put_back(&mut self, numbers: &[usize], taken: Vec<(usize, G)>) {
        for (number, (_, gates)) in numbers.iter().zip(taken) {
            if let Some((_, slot)) = self.slots.get_mut(*number) {
                *slot = Some(gates);
            }
        }
    }
}

impl Program for Calls {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut own = own.into_iter();
        let shape = |len: &usize| B::Share::constant(self.width, len * self.lanes, 0);
        let mut values: Vec<B::Share> =
            self.shared.iter().map(|len| own.next().unwrap_or_else(|| shape(len))).collect();
        let mut groups = Groups { slots: Vec::new() };
        let (mut weights, mut opened) = (Vec::new(), Vec::new());
        for call in &self.calls {
            let vector = |x: &usize| values.get(*x).ok_or_else(|| missing("vector"));
            let value = match call {
                Call::Open { x } => {
                    let x = vector(x)?;
                    groups.push(x.len() / self.lanes, backend.open(self.step, x).await?);
                    continue;
                }
                Call::Apply { groups: of, served, x } => {
                    let mut taken = groups.take(of)?;
                    let served = self.serve(&taken, |(len, _)| *len, served)?;
                    let mut slots: Vec<&mut B::Gates> = taken.iter_mut().map(|(_, gates)| gates).collect();
                    let y = backend.apply(&mut slots, &served, vector(x)?).await?;
                    groups.put_back(of, taken);
                    y
                }
                Call::Activate { x, prototypes, gated, earlier, served } => {
                    let (x, mut taken) = (vector(x)?, groups.take(earlier)?);
                    let elements = x.len() / self.lanes;
                    let gates = taken.iter().map(|(len, _)| len).sum::<usize>() + prototypes.len();
                    let layer = Activation {
                        step: self.step,
                        prototypes: &self.select(prototypes, elements)?,
                        gated: &self.select(gated, elements)?,
                        served: &self.select(served, gates)?,
                    };
                    let slots = taken.iter_mut().map(|(_, gates)| gates).collect();
                    let (own, y) = backend.activate(&layer, x, slots).await?;
                    groups.put_back(earlier, taken);
                    groups.push(prototypes.len(), own);
                    y
                }
                Call::Truncate { x, shift } => backend.truncate(vector(x)?, *shift).await?,
                Call::Multiply { x, weights: number } => {
                    let x = vector(x)?;
                    if number.is_none() {
                        let given = if backend.role() == Role::Server { own.next() } else { None };
                        let map = each_by_its_weight(x.len()).map_err(error)?;
                        weights.push(backend.weights(&map, self.width, given.as_ref()).await?);
                    }
                    let number = number.unwrap_or(weights.len() - 1);
                    let weights = weights.get(number).ok_or_else(|| missing("weights"))?;
                    backend.linear(weights, x, 1).await?
                }
                Call::Input { len } => {
                    let image = if backend.role() == Role::Client { own.next() } else { None };
                    backend.input(image.as_ref(), self.width, len * self.lanes).await?
                }
                Call::Output { x } => {
                    opened.extend(backend.output(vector(x)?).await?);
                    continue;
                }
            };
            values.push(value);
        }
        let mut results = values.split_off(self.shared.len());
        results.extend(opened);
        Ok(results)
    }
}

/// The map that multiplies each element by a weight of its own: every lane has its own mask of its own weight.
fn each_by_its_weight(len: usize) -> Result<LinearMap, ValueError> {
    LinearMap::affine(Shape::new(len, 1, 1)?, vec![false; len])
}
