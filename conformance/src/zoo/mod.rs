//! The networks whose ReLUs the literature counts, as built-in shape-only files. [DS-COST-8]
//!
//! [`NETWORKS`] has the files under `conformance/networks`; the other modules of this folder build the same networks layer
//! by layer, and a test holds file = builder. `cargo run --example networks` writes the files.
//!
//! What differs from training frameworks: k = 64 with 16 fraction bits, batch normalisation folded into weights, a truncation
//! after each linear layer but the last, max pools replaced by sum pools (a maximum would need comparisons), ReLU6 taken for
//! one ReLU.

pub mod builder;
mod mobilenet;
mod resnet;
mod segmentation;
mod vgg;

use crate::error::CliError;
use crate::printable::Name;
use builder::ZooError;
use deepshare_reference::network::Network;
use resnet::Stem::{Large, Small, SmallLinear};

/// A built-in network.
pub struct Entry {
    /// The name on the command line, and the file's.
    pub name: &'static str,
    /// What it is, in words.
    pub description: &'static str,
    /// The network file.
    pub text: &'static str,
    /// Builds the network.
    pub build: fn(&'static str) -> Result<Network, ZooError>,
}

macro_rules! entry {
    ($name:literal, $description:literal, $build:expr) => {
        Entry {
            name: $name,
            description: $description,
            text: include_str!(concat!("../../networks/", $name, ".json")),
            build: $build,
        }
    };
}

const RESNET18: [usize; 4] = [2, 2, 2, 2];
const RESNET34: [usize; 4] = [3, 4, 6, 3];

/// All built-in networks.
pub static NETWORKS: [Entry; 19] = [
    entry!("resnet18-cifar", "ResNet-18, 32x32, 100 classes", |name| {
        resnet::resnet(name, 32, Small, RESNET18, 100)
    }),
    entry!("resnet18-cifar-no-stem", "the same without the stem's ReLU, as SNL counts", |name| {
        resnet::resnet(name, 32, SmallLinear, RESNET18, 100)
    }),
    entry!("resnet18-tiny", "ResNet-18, 64x64, 200 classes", |name| { resnet::resnet(name, 64, Small, RESNET18, 200) }),
    entry!("resnet18-imagenet", "ResNet-18, 224x224, 1000 classes", |name| {
        resnet::resnet(name, 224, Large, RESNET18, 1000)
    }),
    entry!("resnet34-cifar", "ResNet-34, 32x32, 100 classes", |name| {
        resnet::resnet(name, 32, Small, RESNET34, 100)
    }),
    entry!("resnet34-imagenet", "ResNet-34, 224x224, 1000 classes", |name| {
        resnet::resnet(name, 224, Large, RESNET34, 1000)
    }),
    entry!("resnet50-imagenet", "ResNet-50, 224x224, 1000 classes", |name| resnet::resnet50(name, 224, 1000)),
    entry!("resnet32-cifar", "ResNet-32, 32x32, 100 classes", |name| resnet::resnet32(name, 32, 100)),
    entry!("resnet32-tiny", "ResNet-32, 64x64, 200 classes", |name| resnet::resnet32(name, 64, 200)),
    entry!("wrn22-8-cifar", "WideResNet-22-8, 32x32, without its final ReLU", |name| {
        resnet::wide(name, 32, false, 100)
    }),
    entry!("wrn22-8-cifar-final-relu", "the same with its final ReLU", |name| resnet::wide(name, 32, true, 100)),
    entry!("wrn22-8-tiny", "WideResNet-22-8, 64x64, without its final ReLU", |name| {
        resnet::wide(name, 64, false, 200)
    }),
    entry!("wrn22-8-tiny-final-relu", "the same with its final ReLU", |name| resnet::wide(name, 64, true, 200)),
    entry!("vgg16-cifar", "VGG-16, convolutions and one dense layer, 32x32", |name| vgg::vgg16(name, 32, 100)),
    entry!("vgg16-tiny", "VGG-16, convolutions and one dense layer, 64x64", |name| vgg::vgg16(name, 64, 200)),
    entry!("vgg16-imagenet", "VGG-16, convolutions and one dense layer, 224x224", |name| {
        vgg::vgg16(name, 224, 1000)
    }),
    entry!("mobilenetv2-imagenet", "MobileNetV2, 224x224, 1000 classes", |name| {
        mobilenet::mobilenet_v2(name, 224, 1000)
    }),
    entry!("deeplabv3-resnet50", "DeepLabV3 on ResNet-50, output stride 8, 512x512, 150 classes", |name| {
        segmentation::deeplab_resnet50(name, 512)
    }),
    entry!("deeplabv3-mobilenetv2", "DeepLabV3 on MobileNetV2, output stride 8, 512x512, 150 classes", |name| {
        segmentation::deeplab_mobilenet(name, 512)
    }),
];

impl Entry {
    /// The network of the file.
    ///
    /// # Errors
    /// [`CliError::Network`] if the file is none, which a test excludes.
    pub fn network(&self) -> Result<Network, CliError> {
        Network::from_json(self.text).map_err(|source| CliError::Network { file: Name::from(self.name), source })
    }
}

/// The built-in network of a name, if there is one.
pub fn named(name: &str) -> Option<&'static Entry> {
    NETWORKS.iter().find(|entry| entry.name == name)
}
