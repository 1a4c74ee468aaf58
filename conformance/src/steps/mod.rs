//! The small steps that operations are made of. Each is a call of the reference or a formula of the specification. A fault is an implementation that gets one of them
//! wrong, as somebody might; the reference itself knows nothing of faults.

mod arithmetic;
pub mod carry;
pub mod linear;
pub mod makers;
pub mod packing;
pub mod protocol;

pub use arithmetic::{Meaning, same_length};
pub use linear::Kernel;
pub use makers::Maker;

use deepshare_reference::gate::{affine_integer, affine_ring, drelu_integer, drelu_ring};
use deepshare_reference::network::{Network, NetworkError, Operand};
use deepshare_reference::plan::{AffineGate, Counts, MakerError, Plan, PlanError, PlanLayer, StepConvention};
use deepshare_reference::truncate::truncate_ring;
use deepshare_reference::values::integer::ExactSum;
use deepshare_reference::values::{Ring, Shape, ValueError, Width, Window};

use crate::vectors::types::Semantics;

/// A run of bits that may generate and may pass on a carry: (g, p). [DS-CARRY-1]
pub type Pair = (bool, bool);

/// The steps, right by default.
pub trait Steps {
    /// The steps of protocols.
    fn protocol(&self) -> &dyn protocol::ProtocolSteps {
        &Right
    }

    /// The element of an integer. [DS-VAL-2]
    ///
    /// # Errors
    /// [`ValueError::DoesNotFit`].
    fn encode(&self, width: Width, x: i64) -> Result<u64, ValueError> {
        Ring::from_integers(width, &[x]).map(|_| width.encode_wrapping(x))
    }

    /// dec(x). [DS-VAL-2]
    fn decode(&self, width: Width, x: u64) -> i64 {
        width.decode(x)
    }

    /// x + y in R_k. [DS-VAL-1]
    fn add(&self, width: Width, x: u64, y: u64) -> u64 {
        width.reduce(x.wrapping_add(y))
    }

    /// x - y in R_k. [DS-VAL-1]
    fn subtract(&self, width: Width, x: u64, y: u64) -> u64 {
        width.reduce(x.wrapping_sub(y))
    }

    /// x y in R_k. [DS-VAL-1]
    fn multiply(&self, width: Width, x: u64, y: u64) -> u64 {
        width.reduce(x.wrapping_mul(y))
    }

    /// Bit j of a representative. [DS-VAL-3]
    fn plane(&self, _width: Width, x: u64, j: u32) -> bool {
        x >> j & 1 == 1
    }

    /// Values of `bits` bits each, packed. [DS-WIRE-1]
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        packing::pack(bits, values)
    }

    /// Planes of equal length, packed one after the other. [DS-WIRE-1]
    fn pack_planes(&self, planes: &[Vec<bool>]) -> Vec<u8> {
        let bits: Vec<u64> = planes.iter().flatten().map(|&bit| u64::from(bit)).collect();
        self.pack(1, &bits)
    }

    /// `count` values of `bits` bits each from a payload. [DS-WIRE-2] [DS-WIRE-3]
    ///
    /// # Errors
    /// [`ValueError::PayloadLength`] or [`ValueError::Padding`].
    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        packing::unpack(bits, count, bytes)
    }

    /// The DReLU of x. [DS-DRELU-1] [DS-DRELU-2] [DS-DRELU-3]
    ///
    /// # Errors
    /// On integers [`ValueError::DoesNotFit`] at the checkpoint of `positive`.
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        match on.semantics {
            Semantics::Ring => Ok(drelu_ring(on.width, step, on.element(x))),
            Semantics::Integer => drelu_integer(on.width, step, x),
        }
    }

    /// (alpha d + beta) x. [DS-GATE-2]
    ///
    /// # Errors
    /// On integers [`ValueError::DoesNotFit`].
    fn affine(&self, on: Meaning, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        match on.semantics {
            Semantics::Ring => Ok(on.width.decode(affine_ring(on.width, gate, bit, on.element(x)))),
            Semantics::Integer => affine_integer(on.width, gate, bit, x),
        }
    }

    /// floor(x / 2^shift). [DS-TRUNC-1]
    ///
    /// # Errors
    /// [`ValueError::Shift`] unless shift < k.
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        truncate_ring(on.width, on.element(x), shift).map(|y| on.width.decode(y))
    }

    /// An exact sum as a value: checked on integers, reduced in the ring. [DS-INT-1] [DS-VAL-1]
    ///
    /// # Errors
    /// On integers [`ValueError::DoesNotFit`].
    fn checkpoint(&self, on: Meaning, sum: &ExactSum) -> Result<i64, ValueError> {
        on.value(sum)
    }

    /// The sum of products w x, and a bias. Only the whole sum is a checkpoint. [DS-INT-2]
    ///
    /// # Errors
    /// As [`Steps::checkpoint`].
    fn sum(&self, on: Meaning, products: &[(i64, i64)], bias: i64) -> Result<i64, ValueError> {
        self.checkpoint(on, &arithmetic::exact(products, bias))
    }

    /// Where an element of an image of a batch stands. [DS-LIN-2]
    fn image(&self, _batch: usize, elements: usize, image: usize, element: usize) -> usize {
        image * elements + element
    }

    /// The row or column of the input that a kernel's position meets at an output's position; `None` before the first one. [DS-LIN-3]
    fn tap(&self, window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
        linear::tap(window, axis, out, position)
    }

    /// The number of the weight of output channel o, input channel i of the group, kernel row a and column b.
    /// [DS-LIN-3] [DS-LIN-4]
    fn weight(&self, kernel: Kernel, [o, i, a, b]: [usize; 4]) -> usize {
        kernel.index([o, i, a, b])
    }

    /// The first input channel that an output channel sees. [DS-LIN-3]
    fn first_channel(&self, kernel: Kernel, o: usize) -> usize {
        o / kernel.group_outputs * kernel.inputs
    }

    /// Which element of the input a dense layer's weight of number j meets. [DS-LIN-4]
    fn flat(&self, _input: Shape, j: usize) -> usize {
        j
    }

    /// The number of a gated channel among the gated ones, in the affine map of private gates. [DS-LIN-6]
    fn rank(&self, gated: &[bool], channel: usize) -> usize {
        gated.iter().take(channel).filter(|&&gated| gated).count()
    }

    /// The sum over a window. [DS-LIN-5]
    ///
    /// # Errors
    /// As [`Steps::checkpoint`].
    fn pool(&self, on: Meaning, elements: &[i64]) -> Result<i64, ValueError> {
        let products: Vec<(i64, i64)> = elements.iter().map(|&x| (1, x)).collect();
        self.sum(on, &products, 0)
    }

    /// The number of the bias of an output's element. [DS-LIN-10]
    fn bias(&self, output: Shape, index: usize) -> usize {
        output.position(index).0
    }

    /// The plan's layer that the activation of a number uses. [DS-NET-5]
    fn plan_layer(&self, _plan: &Plan, activation: usize) -> usize {
        activation
    }

    /// Whether a channel computes bits of its own. [DS-PLAN-3]
    fn opens(&self, plan: &Plan, layer: usize, channel: usize) -> bool {
        plan.prototype_of(layer, channel) == Some((layer, channel))
    }

    /// The prototype (layer, channel) whose bits serve a channel; `None` for a linear one. [DS-PLAN-3]
    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        plan.prototype_of(layer, channel)
    }

    /// Which neuron's bit of its prototype serves a channel's neuron. [DS-PLAN-3]
    fn neuron(&self, shape: Shape, row: usize, column: usize) -> usize {
        row * shape.width() + column
    }

    /// The gate of a gated channel, given or default; `None` for a linear one. [DS-PLAN-4] [DS-PLAN-5]
    fn gate(&self, layer: &PlanLayer, channel: usize) -> Option<AffineGate> {
        layer.gate(channel)
    }

    /// What a linear channel is multiplied by: 2^s. [DS-PLAN-6]
    fn linear_factor(&self, layer: &PlanLayer) -> i64 {
        layer.default_gate().alpha
    }

    /// Where an operand of a network's layer comes from. [DS-NET-1]
    fn operand(&self, _network: &Network, _layer: usize, named: Operand) -> Operand {
        named
    }

    /// The scale of a layer's output. [DS-VAL-7]
    fn scale(&self, network: &Network, layer: usize) -> u32 {
        network.layers().get(layer).map_or(0, |layer| layer.output.scale)
    }

    /// The text as a reader takes it: with all its fields. [DS-FILE-1]
    fn fields(&self, text: &str) -> String {
        text.to_owned()
    }

    /// Whether a reader checks the rule that a plan breaks. [DS-PLAN-9]
    fn checks_plan(&self, _broken: &PlanError) -> bool {
        true
    }

    /// Whether a reader checks the rule that a network breaks. [DS-NET-2]
    fn checks_network(&self, _broken: &NetworkError) -> bool {
        true
    }

    /// What a plan costs. [DS-PLAN-27]
    fn counts(&self, plan: &Plan) -> Counts {
        plan.counts()
    }

    /// The canonical text of a plan. [DS-FILE-3]
    fn plan_text(&self, plan: &Plan) -> String {
        plan.to_json()
    }

    /// The public part of a plan. [DS-PLAN-8]
    fn public_plan(&self, plan: &Plan) -> Plan {
        plan.public_part()
    }

    /// The canonical text of a network. [DS-FILE-3]
    fn network_text(&self, network: &Network) -> String {
        network.to_json()
    }

    /// The public part of a network. [DS-NET-7]
    fn public_network(&self, network: &Network) -> Network {
        network.public_part()
    }

    /// The plan of a maker. [DS-PLAN-30]
    ///
    /// # Errors
    /// [`MakerError`].
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Result<Plan, MakerError> {
        maker.make(shapes, width, step)
    }

    /// The pair of one position. [DS-CARRY-1]
    fn leaf(&self, _position: usize, a: bool, b: bool) -> Pair {
        carry::leaf(a, b)
    }

    /// The pair of two neighbouring runs, at a level of the tree counted from 1. [DS-CARRY-1]
    fn node(&self, _level: usize, high: Pair, low: Pair) -> Pair {
        carry::node(high, low)
    }

    /// The pair that finds no partner at a level, at the next one. [DS-CARRY-1]
    fn waiting(&self, _level: usize, pair: Pair) -> Pair {
        pair
    }
}

/// The steps as the specification has them.
#[derive(Clone, Copy, Debug)]
pub struct Right;

impl Steps for Right {}

impl protocol::ProtocolSteps for Right {}
