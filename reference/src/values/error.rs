//! Errors of values.

/// A value or a public length that the specification rejects. Codes: see the book's chapter on errors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// A ring width outside 2..=64. [DS-VAL-1]
    #[error("ring width {bits} is not in 2..=64")]
    Width {
        /// The width that was asked for.
        bits: u64,
    },
    /// A shape with a zero dimension. [DS-VAL-5]
    #[error("shape {channels}x{height}x{width} has no elements")]
    EmptyShape {
        /// Channels.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// A shape whose number of elements does not fit. [DS-VAL-5]
    #[error("{channels} x {height} x {width} is more than 2^53 - 1 elements")]
    ShapeOverflow {
        /// Channels.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// Two vectors whose lengths must agree do not.
    #[error("lengths differ: {left} and {right}")]
    Length {
        /// Elements on the left.
        left: usize,
        /// Elements on the right.
        right: usize,
    },
    /// Two vectors over rings of different widths.
    #[error("ring widths differ: {left} and {right} bits")]
    WidthMismatch {
        /// Width on the left, in bits.
        left: u32,
        /// Width on the right, in bits.
        right: u32,
    },
    /// A selection of elements that reaches past the end of its source.
    #[error("elements {start}..{start}+{len} reach past the end of a vector of {available}")]
    OutOfRange {
        /// First element.
        start: usize,
        /// Number of elements.
        len: usize,
        /// Elements that there are.
        available: usize,
    },
    /// A selection whose elements are only counted, where values are to be selected. [DS-COST-1]
    #[error("{len} elements are selected that are only counted, for shapes")]
    Counted {
        /// Number of elements.
        len: usize,
    },
    /// An integer that does not fit the ring. [DS-INT-1]
    #[error("value {value} does not fit {bits} bits")]
    DoesNotFit {
        /// The value.
        value: String,
        /// Ring width in bits.
        bits: u32,
    },
    /// A shift that is not below the ring width. [DS-TRUNC-1]
    #[error("shift by {shift} is not below the ring width {bits}")]
    Shift {
        /// The shift in bits.
        shift: u32,
        /// Ring width in bits.
        bits: u32,
    },
    /// A parameter of a linear map that the specification rejects. [DS-LIN-1]
    #[error("{what}")]
    LinearMap {
        /// Which rule was broken, with the values.
        what: String,
    },
    /// A packed payload of the wrong length. [DS-WIRE-2]
    #[error("payload has {found} bytes, expected {expected}")]
    PayloadLength {
        /// Bytes found.
        found: usize,
        /// Bytes expected from public parameters.
        expected: usize,
    },
    /// Non-zero padding in a packed payload. [DS-WIRE-3]
    #[error("the padding bits after the last of {bits} payload bits are not zero")]
    Padding {
        /// Payload bits.
        bits: usize,
    },
    /// 32 bytes that encode no group element, or the identity. [DS-OT-6]
    #[error("not the encoding of a group element, or that of the identity")]
    GroupElement,
    /// An input width of a comparison outside 1..=64. [DS-FSS-1]
    #[error("a comparison of {bits} bits; it takes 1 to 64")]
    InputBits {
        /// The width that was asked for.
        bits: u32,
    },
    /// Keys in another version of their format. [DS-FSS-5]
    #[error("key format version {found}, expected {expected}")]
    KeyVersion {
        /// The version found.
        found: u8,
        /// The version that is known.
        expected: u8,
    },
    /// A random tape that is used up. [DS-COIN-3]
    #[error("the random tape is used up: {wanted} bits wanted, {left} left")]
    Tape {
        /// Bits wanted.
        wanted: usize,
        /// Bits left.
        left: usize,
    },
}

impl ValueError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ValueError::Width { .. } => "value/width",
            ValueError::EmptyShape { .. } => "value/empty-shape",
            ValueError::ShapeOverflow { .. } => "value/shape-overflow",
            ValueError::Length { .. } => "value/length",
            ValueError::WidthMismatch { .. } => "value/width-mismatch",
            ValueError::OutOfRange { .. } => "value/out-of-range",
            ValueError::Counted { .. } => "value/counted",
            ValueError::DoesNotFit { .. } => "value/does-not-fit",
            ValueError::Shift { .. } => "value/shift",
            ValueError::LinearMap { .. } => "value/linear-map",
            ValueError::PayloadLength { .. } => "value/payload-length",
            ValueError::Padding { .. } => "value/padding",
            ValueError::GroupElement => "value/group-element",
            ValueError::InputBits { .. } => "value/input-bits",
            ValueError::KeyVersion { .. } => "value/key-version",
            ValueError::Tape { .. } => "value/tape",
        }
    }
}
