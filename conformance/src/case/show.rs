//! A case for people: its layers, its plan channel by channel, and its images. [DS-FUZZ-4]

use super::Case;
use deepshare_reference::network::{Layer, LinearKind, Operand, Operation};
use deepshare_reference::plan::{Channel, PlanLayer, Source, Visibility};
use std::fmt::Write;

/// The case in words. A writer into memory has no way to fail, so what it returns is let go.
pub fn text(case: &Case) -> String {
    let (network, mut text) = (case.network(), String::new());
    let input = network.input();
    let _ = writeln!(text, "width    {} bits, step convention {}", network.width().bits(), network.plan().step());
    let _ = writeln!(text, "input    {} at scale {}", input.shape, input.scale);
    for layer in network.layers() {
        let output = format!("{} at scale {}", layer.output.shape, layer.output.scale);
        let _ = writeln!(text, "{:<8} {} of {}, to {output}", layer.name, operation(layer), operands(case, layer));
        if let Operation::Activation { layer: index } = layer.operation {
            network.plan().layers().get(index).into_iter().for_each(|layer| channels(&mut text, layer));
        }
        if let Operation::Linear { parameters: Some(parameters), .. } = &layer.operation {
            let _ = writeln!(text, "         weights {}", list(&parameters.weights));
            let _ = parameters.bias.as_ref().map(|bias| writeln!(text, "         bias {}", list(bias)));
        }
    }
    for (number, image) in case.images().iter().enumerate() {
        let _ = writeln!(text, "{:<8} {}", format!("image {number}"), list(image));
    }
    let _ = writeln!(text, "seed     {}", case.seed());
    text
}

fn operation(layer: &Layer) -> String {
    match &layer.operation {
        Operation::Linear { kind: LinearKind::Dense, .. } => "dense".to_owned(),
        Operation::Linear { kind: LinearKind::Convolution { window, groups }, .. } => format!(
            "convolution, kernel {:?}, stride {:?}, padding {:?}, dilation {:?}, groups {groups},",
            window.kernel, window.stride, window.padding, window.dilation
        ),
        Operation::Add => "sum".to_owned(),
        Operation::SumPool { window, stride, .. } => format!("sums over windows {window:?}, stride {stride:?},"),
        Operation::Broadcast => "broadcast".to_owned(),
        Operation::Truncate { shift } => format!("truncation by {shift} bits"),
        Operation::Activation { layer } => format!("activation by plan layer {layer}"),
    }
}

fn operands(case: &Case, layer: &Layer) -> String {
    let name = |operand: &Operand| match operand {
        Operand::Input => "input".to_owned(),
        Operand::Layer(index) => case.network().layers().get(*index).map(|l| l.name.clone()).unwrap_or_default(),
    };
    layer.operands.iter().map(name).collect::<Vec<_>>().join(" and ")
}

fn channels(text: &mut String, layer: &PlanLayer) {
    let visibility = match layer.visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    };
    let _ = writeln!(text, "         gates {visibility}, gate scale {}", layer.gate_scale);
    for (index, channel) in layer.channels.iter().enumerate() {
        let _ = writeln!(text, "         channel {index} {}", source(channel));
    }
}

fn source(channel: &Channel) -> String {
    let gate = channel.gate.map(|gate| format!(", gate ({}, {})", gate.alpha, gate.beta)).unwrap_or_default();
    match channel.source {
        Source::Prototype => format!("prototype{gate}"),
        Source::Replicate { layer, channel } => format!("replicate of layer {layer}, channel {channel}{gate}"),
        Source::Linear => "linear".to_owned(),
    }
}

fn list(values: &[i64]) -> String {
    values.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")
}
