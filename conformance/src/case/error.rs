//! What can be wrong with a file that should be a case.

use super::limits;
use deepshare_reference::network::NetworkError;

/// A file or a network that is no case. [DS-FUZZ-3]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The network breaks a rule of networks.
    #[error("network: {source}")]
    Network {
        /// The place and the rule.
        source: NetworkError,
    },
    /// The network, the batch or the seed is larger than a case's.
    #[error(
        "larger than cases are: at most {} layers, 1 to {} images, {} elements in all tensors and {} products in all \
         layers, for all images together, and a seed below 2^32",
        limits::LAYERS,
        limits::IMAGES,
        limits::ELEMENTS,
        limits::TERMS
    )]
    Beyond,
    /// A linear layer without weights.
    #[error("layer {layer:?} has no weights; a case has the weights of all its layers")]
    Weights {
        /// The layer.
        layer: String,
    },
    /// A network's public part. [DS-NET-7]
    #[error(
        "the network is a public part, whose weights and private gates are absent; a case has those of its network"
    )]
    PublicPart,
    /// An image that is not one of the network's.
    #[error("image {number}: {what}")]
    Image {
        /// Its number, from 0.
        number: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The text is no JSON of the form that was named.
    #[error("{message}")]
    Json {
        /// What is wrong, and where.
        message: String,
    },
    /// A vector's case of another operation.
    #[error("the operation is {operation:?}; only cases with the operation \"network\" can be converted")]
    Operation {
        /// The operation.
        operation: String,
    },
    /// A batch, which no vector's case has.
    #[error("the case has {images} images, a vector has one")]
    Images {
        /// The images.
        images: usize,
    },
}

impl CaseError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            CaseError::Network { source } => source.code(),
            CaseError::Beyond => "case/beyond",
            CaseError::Weights { .. } => "case/weights",
            CaseError::PublicPart => "case/public-part",
            CaseError::Image { .. } => "case/image",
            CaseError::Json { .. } => "case/json",
            CaseError::Operation { .. } => "case/operation",
            CaseError::Images { .. } => "case/images",
        }
    }
}
