//! Random valid networks, read from generated files, with images, splits and coins.
#![allow(dead_code)] // Each test file uses a part of it.

use super::plans::{Draw, any_draw, build};
use super::values::{any_raw, fit, mix, ring, width};
use deepshare_reference::network::Network;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::plan::{Plan, PlanLayer, StepConvention, Visibility};
use deepshare_reference::values::{Ring, Width};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// A network and what it runs on. Its `Debug` is the file, so that a failing case can be read and kept.
#[derive(Clone)]
pub struct Case {
    /// The network, read from `text`.
    pub network: Network,
    /// Its file.
    pub text: String,
    /// The batch.
    pub images: Vec<Vec<i64>>,
    /// Seed of all coins.
    pub seed: Seed,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "network {}\nimages {:?}\nseed {:?}", self.text, self.images, self.seed.0)
    }
}

impl Case {
    /// All images as one vector.
    pub fn batch(&self) -> Ring {
        ring(self.network.width(), &self.images.concat())
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Conv,
    Dense,
    Add,
    SumPool,
    Broadcast,
    Truncate,
    Activation,
}

#[derive(Clone, Debug)]
struct OpDraw {
    kind: Kind,
    from: Index,
    numbers: [usize; 8],
    channels: Vec<Draw>,
    gate_scale: u32,
    private: bool,
}

/// How large the numbers of a network are: small enough that the integer semantics is mostly defined, or anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Tame,
    Wild,
}

/// Input shapes: one element, one channel, exactly 64 elements, a few more, several channels.
const INPUTS: [(usize, usize, usize); 8] =
    [(1, 1, 1), (1, 4, 4), (3, 3, 2), (1, 8, 8), (2, 1, 1), (1, 5, 13), (4, 2, 2), (2, 5, 3)];

/// A network of up to 10 layers, of widths 2 to 64, with a batch of 1 to 3 images and coins.
pub fn any_case() -> impl Strategy<Value = Case> {
    let style = prop_oneof![3 => Just(Style::Tame), 2 => Just(Style::Wild)];
    let head = (style, 2_u64..=64, any::<bool>(), proptest::sample::select(INPUTS.to_vec()), 0_u32..=6);
    let body = (vec(any_op(), 1..=10), vec(any_raw(), 1..=24), vec(any_raw(), 1..=16), 1_usize..=3);
    (head, body, any::<[u8; 32]>()).prop_map(
        |((style, bits, positive, input, scale), (ops, pool, pixels, batch), seed)| {
            let bits = if style == Style::Tame { 20 + bits * 44 / 64 } else { bits };
            let step = if positive { StepConvention::Positive } else { StepConvention::Nonnegative };
            let mut writer = Writer::new(style, width(bits), step, input, scale, pool);
            ops.iter().for_each(|op| writer.op(op));
            let elements = input.0 * input.1 * input.2;
            let pixel = |i: usize| writer.number(pixels[pick(i, pixels.len())]);
            let images = (0..batch).map(|n| (0..elements).map(|i| pixel(n * elements + i)).collect()).collect();
            let text = writer.text();
            let network = Network::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            Case { network, text, images, seed: Seed(seed) }
        },
    )
}

fn any_op() -> impl Strategy<Value = OpDraw> {
    let kind = prop_oneof![
        3 => Just(Kind::Conv),
        1 => Just(Kind::Dense),
        2 => Just(Kind::Add),
        1 => Just(Kind::SumPool),
        1 => Just(Kind::Broadcast),
        2 => Just(Kind::Truncate),
        4 => Just(Kind::Activation),
    ];
    let numbers = proptest::array::uniform8(0_usize..=11);
    (kind, any::<Index>(), numbers, vec(any_draw(), 4), 0_u32..=62, any::<bool>()).prop_map(
        |(kind, from, numbers, channels, gate_scale, private)| OpDraw {
            kind,
            from,
            numbers,
            channels,
            gate_scale,
            private,
        },
    )
}

fn pick(i: usize, len: usize) -> usize {
    usize::try_from(mix(i as u64) % len as u64).unwrap()
}

/// A tensor that later layers can use.
#[derive(Clone, Debug)]
struct Tensor {
    name: String,
    shape: [usize; 3],
    scale: u32,
}

struct Writer {
    style: Style,
    width: Width,
    step: StepConvention,
    pool: Vec<i64>,
    tensors: Vec<Tensor>,
    layers: Vec<String>,
    plan: Vec<PlanLayer>,
}

impl Writer {
    fn new(
        style: Style,
        width: Width,
        step: StepConvention,
        (c, h, w): (usize, usize, usize),
        scale: u32,
        pool: Vec<i64>,
    ) -> Writer {
        let input = Tensor { name: "input".into(), shape: [c, h, w], scale };
        Writer { style, width, step, pool, tensors: vec![input], layers: Vec::new(), plan: Vec::new() }
    }

    /// A number of the style: tame ones are small.
    fn number(&self, raw: i64) -> i64 {
        if self.style == Style::Tame { raw % 6 } else { fit(self.width, raw) }
    }

    /// A list of integers, large ones as strings.
    fn list(&self, count: usize) -> String {
        let show = |value: i64| {
            if value.unsigned_abs() < 1 << 53 { value.to_string() } else { format!("\"{value}\"") }
        };
        let salt = self.layers.len() * 1000;
        let items = (0..count).map(|i| show(self.number(self.pool[pick(salt + i, self.pool.len())])));
        format!("[{}]", items.collect::<Vec<_>>().join(","))
    }

    fn push(&mut self, fields: &str, shape: [usize; 3], scale: u32) {
        let name = format!("l{}", self.layers.len());
        self.layers.push(format!("{{\"name\":\"{name}\",{fields}}}"));
        self.tensors.push(Tensor { name, shape, scale });
    }

    /// Writes the layer of a draw; one that does not fit its operand is left out or becomes another.
    fn op(&mut self, op: &OpDraw) {
        let recent = self.tensors.len().min(3);
        let x = self.tensors[self.tensors.len() - 1 - op.from.index(recent)].clone();
        match op.kind {
            Kind::Conv => self.conv(&x, op.numbers),
            Kind::Dense => self.dense(&x, op.numbers),
            Kind::Add => self.add(op),
            Kind::SumPool => self.sum_pool(&x, op.numbers),
            Kind::Broadcast => self.broadcast(&x, op.numbers),
            Kind::Truncate => self.truncate(&x, op.numbers[0]),
            Kind::Activation => self.activation(&x, op),
        }
    }

    fn conv(&mut self, x: &Tensor, n: [usize; 8]) {
        let [c, h, w] = x.shape;
        let groups = if n[0] < 4 { c } else { 1 };
        let out = if groups == 1 { 1 + n[1] % 4 } else { groups };
        let padding = [n[2] % 2, n[3] % 2];
        let kernel = [padding[0] + 1 + n[4] % h.min(2), padding[1] + 1 + n[5] % w.min(2)];
        let stride = [1 + n[6] / 8, 1 + n[7] / 8];
        // holes in the kernel, where the padded input has room for them
        let holes = |size: usize, i: usize| match kernel[i] - 1 {
            0 => 2,
            steps => ((size + 2 * padding[i] - 1) / steps).min(2),
        };
        let stated = n[3] >= 3;
        let dilation = if stated { [1 + n[5] / 6 % holes(h, 0), 1 + n[4] / 6 % holes(w, 1)] } else { [1, 1] };
        let size = |size: usize, i: usize| (size + 2 * padding[i] - (kernel[i] - 1) * dilation[i] - 1) / stride[i] + 1;
        let weight_scale = u32::try_from(n[1] % 3).unwrap();
        let weights = self.list(out * (c / groups) * kernel[0] * kernel[1]);
        let bias = if n[2] < 8 { format!(",\"bias\":{}", self.list(out)) } else { String::new() };
        let from = &x.name;
        let dilation = if !stated { String::new() } else { format!(",\"dilation\":{dilation:?}") };
        let fields = format!(
            "\"op\":\"conv\",\"from\":\"{from}\",\"out_channels\":{out},\"kernel\":{kernel:?},\"stride\":{stride:?},\
             \"padding\":{padding:?}{dilation},\"groups\":{groups},\"weight_scale\":{weight_scale},\"weights\":{weights}{bias}"
        );
        self.push(&fields, [out, size(h, 0), size(w, 1)], x.scale + weight_scale);
    }

    fn dense(&mut self, x: &Tensor, n: [usize; 8]) {
        let out = 1 + n[0] % 4;
        let weights = self.list(out * x.shape.iter().product::<usize>());
        let bias = if n[1] < 6 { format!(",\"bias\":{}", self.list(out)) } else { String::new() };
        let fields = format!(
            "\"op\":\"dense\",\"from\":[\"{}\"],\"outputs\":{out},\"weight_scale\":1,\"weights\":{weights}{bias}",
            x.name
        );
        self.push(&fields, [out, 1, 1], x.scale + 1);
    }

    /// The sum of two tensors of one type, which may be one tensor twice.
    fn add(&mut self, op: &OpDraw) {
        let pairs = self.tensors.iter().flat_map(|a| self.tensors.iter().map(move |b| (a, b)));
        let pairs: Vec<_> = pairs.filter(|(a, b)| a.shape == b.shape && a.scale == b.scale).collect();
        let (a, b) = pairs[op.from.index(pairs.len())];
        let fields = format!("\"op\":\"add\",\"from\":[\"{}\",\"{}\"]", a.name, b.name);
        let (shape, scale) = (a.shape, a.scale);
        self.push(&fields, shape, scale);
    }

    fn sum_pool(&mut self, x: &Tensor, n: [usize; 8]) {
        let [c, h, w] = x.shape;
        let window = [1 + n[0] % h.min(3), 1 + n[1] % w.min(3)];
        let stride = [1 + n[2] % 2, 1 + n[3] % 2];
        let bits = u32::try_from(n[4] % 3).unwrap();
        let fields = format!(
            "\"op\":\"sum_pool\",\"from\":\"{}\",\"window\":{window:?},\"stride\":{stride:?},\"scale_bits\":{bits}",
            x.name
        );
        let shape = [c, (h - window[0]) / stride[0] + 1, (w - window[1]) / stride[1] + 1];
        self.push(&fields, shape, x.scale + bits);
    }

    /// Of a tensor of one row and column; another is pooled.
    fn broadcast(&mut self, x: &Tensor, n: [usize; 8]) {
        let [c, h, w] = x.shape;
        let size = [1 + n[0] % 3, 1 + n[1] % 3];
        if h * w > 1 {
            self.sum_pool(x, n);
        } else {
            let fields = format!("\"op\":\"broadcast\",\"from\":\"{}\",\"size\":{size:?}", x.name);
            self.push(&fields, [c, size[0], size[1]], x.scale);
        }
    }

    fn truncate(&mut self, x: &Tensor, n: usize) {
        let most = x.scale.min(self.width.bits() - 1);
        let shift = u32::try_from(n).unwrap() % (most + 1);
        self.push(&format!("\"op\":\"truncate\",\"from\":\"{}\",\"shift\":{shift}", x.name), x.shape, x.scale - shift);
    }

    fn activation(&mut self, x: &Tensor, op: &OpDraw) {
        let [channels, height, columns] = x.shape;
        let mut draws = op.channels[..channels].to_vec();
        let mut gate_scale = op.gate_scale / 16;
        if self.style == Style::Tame {
            draws.iter_mut().for_each(|draw| draw.gate = draw.gate.map(|(alpha, beta)| (alpha % 3, beta % 3)));
            gate_scale %= 2;
        }
        let visibility = if op.private { Visibility::Private } else { Visibility::Public };
        let layer = build(self.width, &self.plan, (height, columns), gate_scale, visibility, &draws);
        let scale = x.scale + layer.gate_scale;
        let index = self.plan.len();
        self.plan.push(layer);
        self.push(&format!("\"op\":\"activation\",\"from\":\"{}\",\"layer\":{index}", x.name), x.shape, scale);
    }

    fn text(&self) -> String {
        let plan = Plan::new(self.width, self.step, self.plan.clone()).unwrap().to_json();
        let input = &self.tensors[0];
        format!(
            "{{\"format\":\"deepshare-network/1\",\"name\":\"random\",\"input\":{{\"shape\":{:?},\"scale\":{}}},\
             \"layers\":[{}],\"plan\":{plan}}}",
            input.shape,
            input.scale,
            self.layers.join(",\n")
        )
    }
}
