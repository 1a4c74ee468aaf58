//! What can be wrong with a file that should be a case.

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
    /// No bytes stand for the network and its images.
    #[error(
        "larger than cases are: they have 1 to 6 layers, 1 to 4 of them activations, tensors of at most 4 channels, 4 \
         rows and 4 columns, an input scale below 64, weight scales below 32, 1 to 3 images, and weights"
    )]
    Beyond,
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
            CaseError::Json { .. } => "case/json",
            CaseError::Operation { .. } => "case/operation",
            CaseError::Images { .. } => "case/images",
        }
    }
}
