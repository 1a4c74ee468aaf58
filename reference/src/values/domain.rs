//! What a party program may do with values.
//!
//! A protocol may not branch on a secret. Party programs know values only through the two traits of this file: bit
//! planes and vectors of ring elements. Lengths and widths are public; there is no comparison of values and no
//! conversion to `bool` or to an integer, so a program's control flow is public by construction. [DS-VAL-6]
//!
//! A *domain* gives the traits a meaning: [`Concrete`](super::Concrete) values, or [`Shapes`](super::Shapes), which
//! are lengths only. A domain without bits (polynomials over a ring, say) implements [`Domain`] and not
//! [`BitDomain`], and the compiler then says which programs it can run.

use super::{LinearMap, Ranges, ValueError, Width};

/// A bit plane: one bit for each of `len` elements. Operations act on all elements at once. [DS-VAL-3]
pub trait BitPlane: Clone {
    /// The plane whose every bit is `bit`, a public constant.
    fn constant(len: usize, bit: bool) -> Self;
    /// The public number of elements.
    fn len(&self) -> usize;
    /// Whether the plane has no elements.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The exclusive or, element by element.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the lengths differ; likewise in [`BitPlane::and`].
    fn xor(&self, other: &Self) -> Result<Self, ValueError>;
    /// The conjunction, element by element.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the lengths differ.
    fn and(&self, other: &Self) -> Result<Self, ValueError>;
    /// The complement of every bit.
    fn not(&self) -> Self;
    /// The selected elements, in the order of the selection.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the selection is from a source of another length.
    fn gather(&self, selection: &Ranges) -> Result<Self, ValueError>;
    /// The elements of all parts, one part after the other.
    fn concat(parts: &[&Self]) -> Self;
}

/// A vector of elements of R_k. Operations are those of the ring, element by element. [DS-VAL-1]
pub trait RingVector: Clone + 'static {
    /// The vector whose every element is `value` mod 2^k, a public constant.
    fn constant(width: Width, len: usize, value: u64) -> Self;
    /// The public width of the ring.
    fn width(&self) -> Width;
    /// The public number of elements.
    fn len(&self) -> usize;
    /// Whether the vector has no elements.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The sum.
    ///
    /// # Errors
    /// [`ValueError::Length`] or [`ValueError::WidthMismatch`] if the operands do not match; likewise in
    /// [`RingVector::sub`] and [`RingVector::mul`].
    fn add(&self, other: &Self) -> Result<Self, ValueError>;
    /// The difference.
    ///
    /// # Errors
    /// As [`RingVector::add`].
    fn sub(&self, other: &Self) -> Result<Self, ValueError>;
    /// The product, element by element.
    ///
    /// # Errors
    /// As [`RingVector::add`].
    fn mul(&self, other: &Self) -> Result<Self, ValueError>;
    /// Every element times a public factor.
    fn scale(&self, factor: u64) -> Self;
    /// Every element plus a public constant.
    fn offset(&self, constant: u64) -> Self;
    /// Consecutive runs of elements times a public factor each: (length, factor). The lengths add up to `len`.
    ///
    /// # Errors
    /// [`ValueError::Length`] if they do not.
    fn scale_runs(&self, runs: &[(usize, u64)]) -> Result<Self, ValueError>;
    /// The selected elements, in the order of the selection.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the selection is from a source of another length.
    fn gather(&self, selection: &Ranges) -> Result<Self, ValueError>;
    /// The transpose of [`RingVector::gather`]: a vector as long as the source of the selection, to whose selected elements
    /// those of this vector are added up, in the order of the selection.
    ///
    /// # Errors
    /// [`ValueError::Length`] unless as many elements are selected as there are.
    fn add_up(&self, sums: &Ranges) -> Result<Self, ValueError>;
    /// The elements of all parts, one part after the other.
    ///
    /// # Errors
    /// [`ValueError::WidthMismatch`] if a part has another width.
    fn concat(width: Width, parts: &[&Self]) -> Result<Self, ValueError>;
    /// Every element `each` times in a row, and the whole `times` times over.
    ///
    /// # Errors
    /// [`ValueError::OutOfRange`] if the length overflows.
    fn repeat(&self, each: usize, times: usize) -> Result<Self, ValueError>;
    /// `map` applied to a batch of inputs: y_n = map(weights, x_n) for n = 0..batch. Bilinear. [DS-LIN-2]
    ///
    /// # Errors
    /// [`ValueError::Length`] or [`ValueError::WidthMismatch`] if weights or inputs do not match the map.
    fn linear(map: &LinearMap, weights: &Self, inputs: &Self, batch: usize) -> Result<Self, ValueError>;
}

/// A meaning for vectors of ring elements.
pub trait Domain: 'static {
    /// Vectors of ring elements.
    type Ring: RingVector;
}

/// A domain in which ring elements also have bits.
pub trait BitDomain: Domain {
    /// Bit planes.
    type Plane: BitPlane;
    /// The k bit planes of a vector, the least significant first. [DS-VAL-3]
    fn bits(x: &Self::Ring) -> Vec<Self::Plane>;
    /// The vector whose elements are the bits of the plane, as 0 and 1 in R_k.
    fn embed(plane: &Self::Plane, width: Width) -> Self::Ring;
    /// Every representative in [0, 2^k) shifted right by `shift` bits, zeros coming in.
    ///
    /// # Errors
    /// [`ValueError::Shift`] unless shift < k.
    fn shift_right(x: &Self::Ring, shift: u32) -> Result<Self::Ring, ValueError>;
}
