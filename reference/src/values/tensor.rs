//! Shapes of three-dimensional tensors and the order of their elements.

use super::ValueError;

/// The shape (C, H, W) of a tensor: channels, height, width. Elements stand channel-major, then row, then column. [DS-VAL-5]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    channels: usize,
    height: usize,
    width: usize,
}

/// The most elements of a shape: every JSON reader keeps such a number exact. [DS-VAL-5]
pub const MAX_ELEMENTS: u64 = (1 << 53) - 1;

impl Shape {
    /// The shape (channels, height, width).
    ///
    /// # Errors
    /// [`ValueError::EmptyShape`] if a dimension is zero, [`ValueError::ShapeOverflow`] if C * H * W exceeds 2^53 - 1.
    pub fn new(channels: usize, height: usize, width: usize) -> Result<Shape, ValueError> {
        if channels == 0 || height == 0 || width == 0 {
            return Err(ValueError::EmptyShape { channels, height, width });
        }
        let elements = channels.checked_mul(height).and_then(|n| n.checked_mul(width));
        match elements {
            Some(n) if n as u64 <= MAX_ELEMENTS => Ok(Shape { channels, height, width }),
            _ => Err(ValueError::ShapeOverflow { channels, height, width }),
        }
    }

    /// C, the number of channels.
    pub fn channels(self) -> usize {
        self.channels
    }

    /// H, the number of rows.
    pub fn height(self) -> usize {
        self.height
    }

    /// W, the number of columns.
    pub fn width(self) -> usize {
        self.width
    }

    /// H * W, the neurons of one channel.
    pub fn area(self) -> usize {
        self.height * self.width
    }

    /// C * H * W, all elements.
    pub fn elements(self) -> usize {
        self.channels * self.area()
    }

    /// The position of (channel, row, column) in the order of elements, if it lies inside. [DS-VAL-5]
    pub fn index(self, channel: usize, row: usize, column: usize) -> Option<usize> {
        let inside = channel < self.channels && row < self.height && column < self.width;
        inside.then(|| (channel * self.height + row) * self.width + column)
    }

    /// The (channel, row, column) of the element at `index`.
    pub fn position(self, index: usize) -> (usize, usize, usize) {
        (index / self.area(), index % self.area() / self.width, index % self.width)
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_channel_then_row_then_column() {
        let shape = Shape::new(2, 3, 4).unwrap();
        assert_eq!(shape.index(1, 2, 3), Some(23));
        assert_eq!(shape.index(0, 1, 2), Some(6));
        assert_eq!(shape.index(2, 0, 0), None);
        assert_eq!(shape.index(0, 3, 0), None);
        assert_eq!(shape.index(0, 0, 4), None);
        for index in 0..shape.elements() {
            let (c, r, w) = shape.position(index);
            assert_eq!(shape.index(c, r, w), Some(index));
        }
    }

    #[test]
    fn empty_and_overflowing_shapes_are_rejected() {
        assert!(matches!(Shape::new(1, 0, 1), Err(ValueError::EmptyShape { height: 0, .. })));
        assert!(matches!(Shape::new(1 << 32, 1 << 31, 2), Err(ValueError::ShapeOverflow { .. })));
    }
}
