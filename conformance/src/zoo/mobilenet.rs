//! MobileNetV2 (Sandler et al., CVPR 2018), each ReLU6 taken for one ReLU.

use super::builder::{Builder, Conv, Tensor, ZooError};
use deepshare_reference::network::Network;

/// Expansion, channels, blocks of the stages.
const STAGES: [(usize, usize, usize); 7] =
    [(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)];

/// An inverted residual block: expansion (whose activation still has the rows and columns of the stage before), depthwise
/// convolution, linear projection; a shortcut where shapes are equal.
fn inverted(
    net: &mut Builder,
    x: &Tensor,
    expansion: usize,
    channels: usize,
    stride: usize,
    dilation: usize,
) -> Tensor {
    let mut y = x.clone();
    if expansion > 1 {
        let wide = net.conv(&y, Conv::new(x.channels * expansion, 1));
        y = net.relu(&wide);
    }
    let deep = net.depthwise(&y, stride, dilation);
    let y = net.relu(&deep);
    let y = net.conv(&y, Conv::new(channels, 1));
    if stride == 1 && x.channels == channels { net.add(&y, x) } else { y }
}

/// The stem and all blocks; stages have a stride and a dilation for their first block.
pub(super) fn backbone(net: &mut Builder, input: &Tensor, strides: [usize; 7], dilations: [usize; 7]) -> Tensor {
    let stem = net.conv(input, Conv::new(32, 3).stride(2));
    let mut x = net.relu(&stem);
    for ((expansion, channels, blocks), (stride, dilation)) in
        STAGES.into_iter().zip(strides.into_iter().zip(dilations))
    {
        x = inverted(net, &x, expansion, channels, stride, dilation);
        for _ in 1..blocks {
            x = inverted(net, &x, expansion, channels, 1, 1);
        }
    }
    x
}

/// MobileNetV2 of width 1 as a classifier.
pub fn mobilenet_v2(name: &'static str, size: usize, classes: usize) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let x = backbone(&mut net, &input, [1, 2, 2, 2, 1, 2, 1], [1; 7]);
    let last = net.conv(&x, Conv::new(1280, 1));
    let x = net.relu(&last);
    net.classify(&x, classes);
    net.finish()
}
