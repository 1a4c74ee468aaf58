//! What is enumerated, and which part of it runs in the tests. [DS-EXH-6]

use super::calls::Call;
use super::check::Case;
use super::error::VerifyError;
use super::gates::{From, Opening, Service, StepBit};
use super::pieces::{OverIdealAnds, OverTriples, WithDealer};
use super::protocol::Protocol;
use super::quotients::{Carries, Quotient};
use super::scripted::{Fss, Gmw, Ot, Scripted};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::Role;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{ValueError, Width};

/// Cases of at most so many executions run in the tests.
pub const QUICK_BITS: u32 = 18;

const STEP: StepConvention = StepConvention::Nonnegative;

/// Cases in the order in which they are reported.
struct List {
    cases: Vec<Case>,
}

impl List {
    fn add(&mut self, name: impl Into<String>, width: Width, protocol: impl Protocol + 'static) {
        self.add_to("gmw", name, width, protocol);
    }

    fn add_to(
        &mut self,
        backend: &'static str,
        name: impl Into<String>,
        width: Width,
        protocol: impl Protocol + 'static,
    ) {
        let (name, width) = (name.into(), width.bits());
        let protocol = Box::new(protocol);
        self.cases.push(Case { backend, name, width, protocol, fault: None, simulator_fault: None });
    }
}

/// Every case.
///
/// # Errors
/// [`VerifyError::NoCase`] for a width that is none.
pub fn all() -> Result<Vec<Case>, VerifyError> {
    let none = |source: ValueError| VerifyError::NoCase { what: source.to_string() };
    let width = |bits: u64| Width::new(bits).map_err(none);
    let mut list = List { cases: Vec::new() };
    for k in 2..=6 {
        step_bits(&mut list, width(k)?, k);
    }
    for k in 2..=4 {
        let width = width(k)?;
        services(&mut list, width, k);
        truncations(&mut list, width);
    }
    programs(&mut list, width(2)?);
    linear(&mut list, &[width(2)?, width(3)?, width(4)?]);
    for k in 2..=8 {
        transfers(&mut list, width(k)?, k);
    }
    for k in 2..=4 {
        of_transfers(&mut list, width(k)?, k);
    }
    for k in 2..=3 {
        of_comparisons(&mut list, width(k)?, k);
    }
    Ok(list.cases)
}

/// Step bits over F_And to k = 6, over triples and as whole openings to k = 4.
fn step_bits(list: &mut List, width: Width, k: u64) {
    for step in [StepConvention::Nonnegative, StepConvention::Positive] {
        let bit = || StepBit { width, step };
        let named = |what: &str| match step {
            StepConvention::Nonnegative => what.to_owned(),
            StepConvention::Positive => format!("{what}, positive"),
        };
        list.add(named("step bit over F_And"), width, OverIdealAnds(bit()));
        if k <= 4 {
            list.add(named("step bit"), width, WithDealer(OverTriples(bit())));
        }
        if k <= 3 || (k == 4 && step == STEP) {
            list.add(named("gate"), width, WithDealer(Opening(bit())));
        }
    }
}

/// The service of elements: one from a bit, one from every state, two together or one after the other.
fn services(list: &mut List, width: Width, k: u64) {
    let service =
        |calls: &[usize], from| WithDealer(Service { width, calls: calls.to_vec(), from, masked_again: false });
    list.add("apply", width, service(&[1], From::Bit));
    list.add("apply later, from every state", width, service(&[1], From::Used));
    if k == 2 {
        list.add("apply to two elements of a layer", width, service(&[2], From::Bit));
        list.add("apply in two layers", width, service(&[1, 1], From::Bit));
        list.add("apply later to two elements, from every state", width, service(&[2], From::Used));
    }
}

/// Truncations: whole at k = 2, in parts above.
fn truncations(list: &mut List, width: Width) {
    for shift in 1..width.bits() {
        let carries = || Carries { width, shift };
        let named = |what: &str| format!("{what}, f = {shift}");
        list.add(named("carries over F_And"), width, OverIdealAnds(carries()));
        if width.bits() <= 3 {
            list.add(named("carries"), width, WithDealer(OverTriples(carries())));
        }
        list.add(named("quotient from carries"), width, WithDealer(Quotient(carries())));
    }
    if width.bits() == 2 {
        let calls = vec![Call::Truncate { x: 0, shift: 1 }];
        list.add("truncate, f = 1", width, Scripted::new(Gmw, width, STEP, vec![1], calls));
    }
}

/// A layer with a gate on the first element of a vector, which serves some of its elements.
fn layer(x: usize, gated: &[usize]) -> Call {
    Call::Activate { x, prototypes: vec![0], gated: gated.to_vec(), earlier: vec![], served: vec![0; gated.len()] }
}

/// A later use of the first gate.
fn later(x: usize) -> Call {
    Call::Apply { groups: vec![0], served: vec![0], x }
}

/// Whole programs at k = 2.
fn programs(list: &mut List, width: Width) {
    let script = |shared, calls| Scripted::new(Gmw, width, STEP, shared, calls);
    list.add("activation", width, script(vec![1], vec![layer(0, &[0])]));
    list.add("activation with a replicate", width, script(vec![2], vec![layer(0, &[0, 1])]));
    list.add("activation, later layer", width, script(vec![1, 1], vec![layer(0, &[0]), later(1)]));
    list.add("activation, its output served again", width, script(vec![1], vec![layer(0, &[0]), later(1)]));
    let inference = vec![Call::Input { len: 1 }, layer(0, &[0]), Call::Output { x: 1 }];
    list.add("input, activation, output", width, script(vec![], inference));
}

/// Linear layers: one weight, one or two inputs; two weights.
fn linear(list: &mut List, widths: &[Width]) {
    let multiply = |x, weights| Call::Multiply { x, weights };
    for &width in widths {
        let script = |shared, calls| Scripted::new(Gmw, width, STEP, shared, calls);
        list.add("linear", width, script(vec![1], vec![multiply(0, None)]));
        if width.bits() == 2 {
            let twice = vec![multiply(0, None), multiply(1, Some(0))];
            list.add("linear, two inputs", width, script(vec![1, 1], twice));
            let two = vec![multiply(0, None), multiply(0, None)];
            list.add("linear, two weights", width, script(vec![1], two));
            let chain = vec![multiply(0, None), multiply(1, None)];
            list.add("linear, twice over", width, script(vec![1], chain));
        }
    }
}

/// Input and output.
fn transfers(list: &mut List, width: Width, k: u64) {
    let script = |shared, calls| Scripted::new(Gmw, width, STEP, shared, calls);
    list.add("input", width, script(vec![], vec![Call::Input { len: 1 }]));
    list.add("output", width, script(vec![1], vec![Call::Output { x: 0 }]));
    if k <= 4 {
        let calls = vec![Call::Input { len: 1 }, Call::Input { len: 1 }, Call::Output { x: 0 }];
        list.add("two inputs, output", width, script(vec![], calls));
    }
}

/// Programs of `ot` over F_OT and F_COT.
fn of_transfers(list: &mut List, width: Width, k: u64) {
    let script = |shared, calls| Scripted::new(Ot, width, STEP, shared, calls);
    list.add_to("ot", "activation", width, script(vec![1], vec![layer(0, &[0])]));
    list.add_to("ot", "activation, later layer", width, script(vec![1], vec![layer(0, &[0]), later(0)]));
    if k <= 3 {
        let replicate = script(vec![2], vec![layer(0, &[0, 1])]);
        list.add_to("ot", "activation with a replicate", width, replicate);
        let two = script(vec![1, 1], vec![layer(0, &[0]), later(1)]);
        list.add_to("ot", "activation, another element in a later layer", width, two);
    }
    if k == 2 {
        let inference = vec![Call::Input { len: 1 }, layer(0, &[0]), Call::Output { x: 1 }];
        list.add_to("ot", "input, activation, output", width, script(vec![], inference));
    }
}

/// Programs of `fss` and `fss-select` over F_DCF.
fn of_comparisons(list: &mut List, width: Width, k: u64) {
    for serving in [Serving::Payload, Serving::Select] {
        let script = |shared, calls| Scripted::new(Fss(serving), width, STEP, shared, calls);
        let backend = serving.backend();
        list.add_to(backend, "activation", width, script(vec![1], vec![layer(0, &[0])]));
        if k == 2 {
            let reuse = script(vec![1], vec![layer(0, &[0]), later(0)]);
            list.add_to(backend, "activation, later layer", width, reuse);
            let replicate = script(vec![2], vec![layer(0, &[0, 1])]);
            list.add_to(backend, "activation with a replicate", width, replicate);
        }
    }
    let script = |shared, calls| Scripted::new(Fss(Serving::Payload), width, STEP, shared, calls);
    for shift in 1..width.bits() {
        let name = format!("truncate, f = {shift}");
        list.add_to("fss", name, width, script(vec![1], vec![Call::Truncate { x: 0, shift }]));
    }
}

/// The number of executions of a case, in bits.
///
/// # Errors
/// What a run reports.
pub fn execution_bits(case: &Case) -> Result<u32, VerifyError> {
    Ok(case.input_bits() + case.coins(Role::Server)?)
}
