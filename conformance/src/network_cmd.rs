//! `deepshare network`: check and show network files, and take their public part.

use crate::error::CliError;
use crate::files;
use crate::output::{count, print, table, thousands};
use crate::printable::printable;
use crate::zoo::NETWORKS;
use clap::Subcommand;
use deepshare_reference::network::{Layer, LinearKind, Network, Operand, Operation, TensorType};
use std::path::{Path, PathBuf};

/// What to do with a network file.
#[derive(Subcommand)]
pub enum NetworkCommand {
    /// Say whether a network file is valid
    Check {
        /// The network file, or - for standard input
        file: PathBuf,
    },
    /// Print the public part: what the client gets, without weights and private gates
    Public {
        /// The network file, or - for standard input
        file: PathBuf,
        /// Write the public part to this file instead
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Show the layers with their shapes and scales
    Show {
        /// The network file, - for standard input, or the name of a built-in network
        file: PathBuf,
    },
    /// List the built-in networks, whose names may stand where a network file is asked for
    List,
}

/// Does it.
///
/// # Errors
/// [`CliError`]: of reading, or the first rule that is broken.
pub fn network(command: &NetworkCommand) -> Result<(), CliError> {
    match command {
        NetworkCommand::Check { file } => print(&summary(file, &files::network(file)?)),
        NetworkCommand::Public { file, output } => {
            let text = files::network(file)?.public_part().to_json();
            match output {
                Some(path) => files::write(path, &text),
                None => print(&text),
            }
        }
        NetworkCommand::List => print(&list()?),
        NetworkCommand::Show { file } => {
            let network = files::network_or_name(file)?;
            print(&format!("{}\n{}", summary(file, &network), layers(&network)))
        }
    }
}

/// The built-in networks with their ReLUs.
fn list() -> Result<String, CliError> {
    let mut rows = Vec::new();
    for entry in &NETWORKS {
        let network = entry.network()?;
        let (relus, layers) = (network.plan().counts().baseline, network.plan().layers().len());
        rows.push(vec![entry.name.to_owned(), thousands(relus), layers.to_string(), entry.description.to_owned()]);
    }
    Ok(table("<>><", &["name", "ReLUs\nan image", "activation\nlayers", "network"], rows))
}

fn summary(path: &Path, network: &Network) -> String {
    let counts = network.plan().counts();
    let weights: u64 = network.layers().iter().map(parameters).sum();
    let weights = match (network.is_public_part(), network.is_shape_only()) {
        (true, _) => "public part, no weights".to_owned(),
        (_, true) => "shape-only, no weights".to_owned(),
        _ => count(weights, "parameter"),
    };
    format!(
        "{}: valid network {}\n  input {}, output {}; {}, {}, {weights}\n  \
         ring width {} bits, step {}; {} DReLUs an image, {} without sharing\n",
        files::name(path),
        printable(network.name()),
        tensor(network.input()),
        tensor(network.output()),
        count(network.layers().len() as u64, "layer"),
        count(network.plan().layers().len() as u64, "activation"),
        network.width(),
        network.plan().step(),
        thousands(counts.drelus),
        thousands(counts.baseline),
    )
}

/// Weights and biases of a layer.
fn parameters(layer: &Layer) -> u64 {
    match &layer.operation {
        Operation::Linear { parameters: Some(parameters), .. } => {
            (parameters.weights.len() + parameters.bias.as_ref().map_or(0, Vec::len)) as u64
        }
        _ => 0,
    }
}

fn tensor(tensor: TensorType) -> String {
    format!("{} at scale {}", tensor.shape, tensor.scale)
}

fn layers(network: &Network) -> String {
    let rows = network.layers().iter().map(|layer| {
        let from: Vec<String> = layer.operands.iter().map(|operand| operand_name(network, *operand)).collect();
        vec![
            printable(&layer.name),
            operation(&layer.operation),
            from.join(", "),
            layer.output.shape.to_string(),
            layer.output.scale.to_string(),
            thousands(parameters(layer)),
        ]
    });
    let headings = ["layer", "operation", "from", "output\nCxHxW", "scale\nbits", "parameters"];
    table("<<<>>>", &headings, rows.collect())
}

fn operand_name(network: &Network, operand: Operand) -> String {
    match operand {
        Operand::Input => "input".to_owned(),
        Operand::Layer(index) => network.layers().get(index).map(|layer| printable(&layer.name)).unwrap_or_default(),
    }
}

fn operation(operation: &Operation) -> String {
    let pair = |[a, b]: [usize; 2]| format!("{a}x{b}");
    match operation {
        Operation::Linear { kind: LinearKind::Dense, .. } => "dense".to_owned(),
        Operation::Linear { kind: LinearKind::Convolution { window, groups }, .. } => {
            let groups = if *groups == 1 { String::new() } else { format!(", {groups} groups") };
            let holes =
                if window.dilation == [1, 1] { String::new() } else { format!(", dilation {}", pair(window.dilation)) };
            format!("conv {}, stride {}{holes}{groups}", pair(window.kernel), pair(window.stride))
        }
        Operation::Add => "add".to_owned(),
        Operation::SumPool { window, .. } => format!("sum pool {}", pair(*window)),
        Operation::Broadcast => "broadcast".to_owned(),
        Operation::Truncate { shift } => format!("truncate by {shift}"),
        Operation::Activation { layer } => format!("activation {layer}"),
    }
}
