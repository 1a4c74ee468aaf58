//! Residual networks (He et al., CVPR 2016; for CIFAR their section 4.2) and wide ones (Zagoruyko and Komodakis, BMVC 2016).

use super::builder::{Builder, Conv, Tensor, ZooError};
use deepshare_reference::network::Network;

/// The layers before the first block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stem {
    /// A 3 x 3 convolution of stride 1, for small images.
    Small,
    /// The same without its ReLU, as SNL counts (Cho et al., ICML 2022).
    SmallLinear,
    /// A 7 x 7 convolution of stride 2, its ReLU, and a pool of stride 2.
    Large,
}

impl Stem {
    fn build(self, net: &mut Builder, x: &Tensor, channels: usize) -> Tensor {
        match self {
            Stem::Small => {
                let y = net.conv(x, Conv::new(channels, 3));
                net.relu(&y)
            }
            Stem::SmallLinear => net.conv(x, Conv::new(channels, 3)),
            Stem::Large => {
                let y = net.conv(x, Conv::new(channels, 7).stride(2));
                let y = net.relu(&y);
                net.sum_pool(&y, 2)
            }
        }
    }
}

/// A basic block: two 3 x 3 convolutions beside a shortcut, which is a 1 x 1 convolution where shapes change.
fn basic(net: &mut Builder, x: &Tensor, channels: usize, stride: usize) -> Tensor {
    let y = net.conv(x, Conv::new(channels, 3).stride(stride));
    let y = net.relu(&y);
    let y = net.conv(&y, Conv::new(channels, 3));
    residual(net, x, &y, stride)
}

/// A bottleneck of 1 x 1, 3 x 3 and 1 x 1 convolutions, the stride on the 3 x 3: the first activation still has the rows and
/// columns of the stage before.
pub(super) fn bottleneck(net: &mut Builder, x: &Tensor, channels: usize, stride: usize, dilation: usize) -> Tensor {
    let y = net.conv(x, Conv::new(channels, 1));
    let y = net.relu(&y);
    let y = net.conv(&y, Conv::new(channels, 3).stride(stride).dilation(dilation));
    let y = net.relu(&y);
    let y = net.conv(&y, Conv::new(4 * channels, 1));
    residual(net, x, &y, stride)
}

fn residual(net: &mut Builder, x: &Tensor, y: &Tensor, stride: usize) -> Tensor {
    let sum = match x.channels == y.channels && stride == 1 {
        true => net.add(y, x),
        false => {
            let shortcut = net.conv(x, Conv::new(y.channels, 1).stride(stride));
            net.add(y, &shortcut)
        }
    };
    net.relu(&sum)
}

/// ResNet-18 (blocks 2, 2, 2, 2) and ResNet-34 (3, 4, 6, 3).
pub fn resnet(
    name: &'static str,
    size: usize,
    stem: Stem,
    blocks: [usize; 4],
    classes: usize,
) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let mut x = stem.build(&mut net, &input, 64);
    for (stage, (channels, blocks)) in [64, 128, 256, 512].into_iter().zip(blocks).enumerate() {
        for block in 0..blocks {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            x = basic(&mut net, &x, channels, stride);
        }
    }
    net.classify(&x, classes);
    net.finish()
}

/// ResNet-50.
pub fn resnet50(name: &'static str, size: usize, classes: usize) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let mut x = Stem::Large.build(&mut net, &input, 64);
    for (stage, (channels, blocks)) in [(64, 3), (128, 4), (256, 6), (512, 3)].into_iter().enumerate() {
        for block in 0..blocks {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            x = bottleneck(&mut net, &x, channels, stride, 1);
        }
    }
    net.classify(&x, classes);
    net.finish()
}

/// ResNet-32 for small images: three stages of five basic blocks; shortcuts are 1 x 1 convolutions where shapes change.
pub fn resnet32(name: &'static str, size: usize, classes: usize) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let mut x = Stem::Small.build(&mut net, &input, 16);
    for (stage, channels) in [16, 32, 64].into_iter().enumerate() {
        for block in 0..5 {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            x = basic(&mut net, &x, channels, stride);
        }
    }
    net.classify(&x, classes);
    net.finish()
}

/// WideResNet-22-8: three groups of three blocks that activate before they convolve, so the first ReLU of a group has the
/// rows, columns and channels of the group before. The literature counts without the ReLU before the pool.
pub fn wide(name: &'static str, size: usize, final_relu: bool, classes: usize) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let mut x = net.conv(&input, Conv::new(16, 3));
    for (group, channels) in [128, 256, 512].into_iter().enumerate() {
        for block in 0..3 {
            let stride = if group > 0 && block == 0 { 2 } else { 1 };
            let active = net.relu(&x);
            let y = net.conv(&active, Conv::new(channels, 3).stride(stride));
            let y = net.relu(&y);
            let y = net.conv(&y, Conv::new(channels, 3));
            let shortcut = if block == 0 { net.conv(&active, Conv::new(channels, 1).stride(stride)) } else { x };
            x = net.add(&y, &shortcut);
        }
    }
    let x = if final_relu { net.relu(&x) } else { x };
    net.classify(&x, classes);
    net.finish()
}
