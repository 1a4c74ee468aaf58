//! Fields of a case's bytes: one description of a case both reads it and writes it, so the two cannot disagree.
//! [DS-FUZZ-2]

use deepshare_reference::values::Width;

/// A run through the bytes of a case. Each field is given its value: a reader ignores that and returns what the bytes
/// say, a writer writes it and returns it.
pub trait Fields {
    /// One byte.
    fn byte(&mut self, value: u8) -> u8;

    /// A number below `bound`, at most 256: nothing if it can only be 0, else a byte modulo the bound. Of a value that
    /// is too large the largest number is written.
    fn below(&mut self, bound: usize, value: usize) -> usize {
        let most = bound.clamp(1, 256) - 1;
        match most {
            0 => 0,
            _ => usize::from(self.byte(u8::try_from(value.min(most)).unwrap_or(u8::MAX))) % (most + 1),
        }
    }

    /// Whether values go into bytes.
    fn writes(&self) -> bool;
}

/// Reads bytes; where they end, zeros go on.
pub struct Reader<'a>(pub &'a [u8]);

impl Fields for Reader<'_> {
    fn byte(&mut self, _value: u8) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn writes(&self) -> bool {
        false
    }
}

/// Writes bytes.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Fields for Writer {
    fn byte(&mut self, value: u8) -> u8 {
        self.0.push(value);
        value
    }

    fn writes(&self) -> bool {
        true
    }
}

/// A member of a list, in which those that should come often stand often.
pub fn listed<F: Fields, T: Copy + PartialEq>(fields: &mut F, list: &[T], value: T) -> T {
    let index = list.iter().position(|member| *member == value).unwrap_or(list.len());
    let index = fields.below(list.len(), index);
    list.get(index).copied().unwrap_or(value)
}

/// A number below `bound` that is 0 half of the time and more.
pub fn mostly_zero<F: Fields>(fields: &mut F, bound: usize, value: usize) -> usize {
    match fields.below(2, usize::from(value != 0)) {
        0 => 0,
        _ => fields.below(bound, value),
    }
}

/// As [`mostly_zero`], for numbers of bits.
pub fn bits<F: Fields>(fields: &mut F, bound: u32, value: u32) -> u32 {
    let wide = |bits: u32| usize::try_from(bits).unwrap_or(usize::MAX);
    u32::try_from(mostly_zero(fields, wide(bound), wide(value))).unwrap_or(0)
}

/// How numbers are read. A writer writes all of them in the wild way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Of the whole ring, its ends and the neighbours of 0 most often.
    Wild,
    /// Small, so that the integer semantics is mostly defined.
    Tame,
}

/// What a number's first byte stands for if it is tame.
const TAME: [i64; 16] = [0, 1, -1, 2, -2, 1, 3, -3, 0, 1, -1, 4, -4, 2, 5, -5];

/// The tags of numbers that follow: one byte, or eight.
const SMALL: usize = 12;
const LARGE: usize = 14;
const TAGS: usize = 16;

/// The numbers that a wild number's first byte stands for.
fn boundaries(width: Width) -> [i64; SMALL] {
    let (min, max) = (width.min_value(), width.max_value());
    let fit = |value: i64| width.decode(width.encode_wrapping(value));
    [0, 1, -1, min, max, min + 1, max - 1, fit(2), fit(-2), max / 2, min / 2, max / 2 + 1]
}

/// An integer of k bits.
pub fn number<F: Fields>(fields: &mut F, width: Width, style: Style, value: i64) -> i64 {
    let fit = |value: i64| width.decode(width.encode_wrapping(value));
    if style == Style::Tame && !fields.writes() {
        let index = fields.below(TAME.len(), 0);
        return fit(TAME.get(index).copied().unwrap_or(0));
    }
    let boundaries = boundaries(width);
    let otherwise = if i8::try_from(value).is_ok() { SMALL } else { LARGE };
    let tag = boundaries.iter().position(|boundary| *boundary == value).unwrap_or(otherwise);
    match fields.below(TAGS, tag) {
        tag if tag >= LARGE => fit(i64::from_le_bytes(value.to_le_bytes().map(|byte| fields.byte(byte)))),
        tag if tag >= SMALL => {
            let small = i8::try_from(value).unwrap_or(0).to_le_bytes().map(|byte| fields.byte(byte));
            fit(i64::from(i8::from_le_bytes(small)))
        }
        tag => boundaries.get(tag).copied().unwrap_or(value),
    }
}

/// A ring width, 2..=64; the smallest, the largest and those of machine words most often.
pub fn width<F: Fields>(fields: &mut F, value: Width) -> Width {
    const OFTEN: [u32; 16] = [8, 64, 2, 32, 3, 16, 63, 4, 8, 64, 2, 5, 33, 31, 17, 3];
    let often = OFTEN.iter().position(|bits| *bits == value.bits());
    let bits = match fields.below(2 * OFTEN.len(), often.unwrap_or(OFTEN.len())) {
        index if index < OFTEN.len() => OFTEN.get(index).copied().unwrap_or(2),
        _ => {
            let above = usize::try_from(value.bits() - 2).unwrap_or(0);
            2 + u32::try_from(fields.below(63, above)).unwrap_or(0)
        }
    };
    Width::new(u64::from(bits)).unwrap_or(value)
}
