//! DeepLabV3 (Chen et al., 2017) with output stride 8 for 150 classes, in the variants of MMSegmentation that the literature
//! counts. The client upsamples the opened logits itself.

use super::builder::{Builder, Conv, Tensor, ZooError};
use super::{mobilenet, resnet};
use deepshare_reference::network::Network;

/// Channels of every branch of the head.
const HEAD: usize = 512;
/// Classes of ADE20K.
const CLASSES: usize = 150;

/// Atrous spatial pyramid pooling and the classifier. The 3 x 3 convolution over the concatenated branches is the sum of
/// one convolution of each branch, truncated once.
fn head(net: &mut Builder, x: &Tensor) {
    let mut branches = vec![Conv::new(HEAD, 1)];
    branches.extend([12, 24, 36].map(|dilation| Conv::new(HEAD, 3).dilation(dilation)));
    let pooled = net.sum_pool(x, x.size);
    let pooled = net.conv(&pooled, Conv::new(HEAD, 1));
    let pooled = net.relu(&pooled);
    let pooled = net.broadcast(&pooled, x.size);
    let mut sum = net.conv_sum(&pooled, Conv::new(HEAD, 3));
    for branch in branches {
        let y = net.conv(x, branch);
        let y = net.relu(&y);
        let part = net.conv_sum(&y, Conv::new(HEAD, 3));
        sum = net.add(&sum, &part);
    }
    let fused = net.truncate(&sum);
    let fused = net.relu(&fused);
    net.conv_sum(&fused, Conv::new(CLASSES, 1));
}

/// DeepLabV3 on ResNet-50 with a stem of three 3 x 3 convolutions; its last two stages have dilation in place of stride.
pub fn deeplab_resnet50(name: &'static str, size: usize) -> Result<Network, ZooError> {
    let (mut net, mut x) = Builder::new(name, size);
    for conv in [Conv::new(32, 3).stride(2), Conv::new(32, 3), Conv::new(64, 3)] {
        let y = net.conv(&x, conv);
        x = net.relu(&y);
    }
    x = net.sum_pool(&x, 2);
    // channels, blocks, stride, and the dilation of the first block and of the others
    for (channels, blocks, stride, [first, others]) in
        [(64, 3, 1, [1, 1]), (128, 4, 2, [1, 1]), (256, 6, 1, [1, 2]), (512, 3, 1, [2, 4])]
    {
        x = resnet::bottleneck(&mut net, &x, channels, stride, first);
        for _ in 1..blocks {
            x = resnet::bottleneck(&mut net, &x, channels, 1, others);
        }
    }
    head(&mut net, &x);
    net.finish()
}

/// DeepLabV3 on MobileNetV2; its last four stages have stride 1.
pub fn deeplab_mobilenet(name: &'static str, size: usize) -> Result<Network, ZooError> {
    let (mut net, input) = Builder::new(name, size);
    let x = mobilenet::backbone(&mut net, &input, [1, 2, 2, 1, 1, 1, 1], [1, 1, 1, 2, 2, 4, 4]);
    head(&mut net, &x);
    net.finish()
}
