//! Input files, `deepshare-input/1`. [DS-NET-6]

use crate::values::json::{Count, CountList, Integer, Object, parse, present, word};
use crate::values::{JsonError, Shape, ValueError};
use serde::{Deserialize, Deserializer};

const FORMAT: &str = "deepshare-input/1";

/// A list of inputs of one shape and scale, with labels or without.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    /// The shape of each.
    pub shape: Shape,
    /// Fraction bits.
    pub scale: u32,
    /// The elements of each, channel-major, then row, then column.
    pub images: Vec<Vec<i64>>,
    /// One label each, if there are any.
    pub labels: Option<Vec<usize>>,
}

/// An input file that the specification rejects. [DS-NET-6]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The text is not a file of the format. [DS-FILE-1]
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A zero-sized or overflowing shape.
    #[error("shape: {0}")]
    Shape(ValueError),
    /// A scale above 65,535 fraction bits.
    #[error("a scale of {scale} fraction bits is more than 65535")]
    Scale {
        /// The scale.
        scale: u64,
    },
    /// An image with another number of elements than the shape says.
    #[error("images[{image}] has {found} values, the shape says {expected}")]
    Elements {
        /// The image.
        image: usize,
        /// Values found.
        found: usize,
        /// Values expected.
        expected: usize,
    },
    /// Another number of labels than of images.
    #[error("{labels} labels for {images} images")]
    Labels {
        /// Labels found.
        labels: usize,
        /// Images found.
        images: usize,
    },
}

impl InputError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            InputError::Json(error) => error.code(),
            InputError::Shape(_) => "input/shape",
            InputError::Scale { .. } => "input/scale",
            InputError::Elements { .. } => "input/elements",
            InputError::Labels { .. } => "input/labels",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFields {
    #[serde(rename = "format")]
    _format: Format,
    shape: CountList<3>,
    scale: Count,
    images: Vec<Vec<Integer>>,
    #[serde(default, deserialize_with = "present")]
    labels: Option<Vec<Count>>,
}

/// The field `format`.
struct Format;

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
        word(deserializer, &[(FORMAT, ())]).map(|()| Format)
    }
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Images({} of shape {} at scale {}, secret)", self.images.len(), self.shape, self.scale)
    }
}

impl Images {
    /// Reads an input file. [DS-NET-6]
    ///
    /// # Errors
    /// [`InputError`]: the first rule that is broken, with its place.
    pub fn from_json(text: &str) -> Result<Images, InputError> {
        let Object(file): Object<InputFields> = parse(text)?;
        let [channels, height, width] = file.shape.0.map(Count::size);
        let shape = Shape::new(channels, height, width).map_err(InputError::Shape)?;
        let scale = file.scale.get();
        let small = u32::try_from(scale).ok().filter(|_| scale <= 65_535).ok_or(InputError::Scale { scale })?;
        let expected = shape.elements();
        if let Some((image, list)) = file.images.iter().enumerate().find(|(_, list)| list.len() != expected) {
            return Err(InputError::Elements { image, found: list.len(), expected });
        }
        let images: Vec<Vec<i64>> = file.images.into_iter().map(integers).collect();
        let labels = file.labels.map(|labels| labels.into_iter().map(Count::size).collect::<Vec<_>>());
        if let Some(labels) = labels.as_ref().map(Vec::len).filter(|&labels| labels != images.len()) {
            return Err(InputError::Labels { labels, images: images.len() });
        }
        Ok(Images { shape, scale: small, images, labels })
    }
}

fn integers(list: Vec<Integer>) -> Vec<i64> {
    list.into_iter().map(|Integer(value)| value).collect()
}
