//! VGG-16 (Simonyan and Zisserman, ICLR 2015), its convolutions only: a pool after each stage, and one dense layer.

use super::builder::{Builder, Conv, ZooError};
use deepshare_reference::network::Network;

/// VGG-16 with one dense layer in place of three, as the counts of the literature leave out the other two.
pub fn vgg16(name: &'static str, size: usize, classes: usize) -> Result<Network, ZooError> {
    let (mut net, mut x) = Builder::new(name, size);
    for (channels, layers) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..layers {
            let y = net.conv(&x, Conv::new(channels, 3));
            x = net.relu(&y);
        }
        x = net.sum_pool(&x, 2);
    }
    net.dense(&x, classes);
    net.finish()
}
