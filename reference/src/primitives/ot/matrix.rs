//! The matrix of OT extension, on concrete bits: Ishai, Kilian, Nissim, Petrank (CRYPTO 2003) in the form of Asharov,
//! Lindell, Schneider, Zohner (CCS 2013), and with another code Kolesnikov, Kumaresan (CRYPTO 2013). [DS-OT-11]
//!
//! ```text
//! receiver   t_j = stretch(k_j^0)      u_j = t_j xor stretch(k_j^1) xor (position j of the words of all choices)   ->
//! sender     q_j = stretch(k_j^(s_j)) xor s_j u_j
//! row i      q_i = t_i xor (s and C(choice_i))
//! ```
//! So the sender can compute t_i for a guess w of the choice, as q_i xor (s and C(w)); it is t_i only if w is the choice.
//! In every other guess at least 128 unknown bits of s are wrong for the receiver.

use super::code::{Code, Row};
use super::tweak::Tweak;
use crate::party::xof::Seed;
use crate::values::bits::{transpose, wide, words_from_bytes};
use crate::values::{BitPlane, Plane, ValueError};

/// The rows of one batch.
#[derive(Clone)]
pub struct Rows {
    rows: Vec<Row>,
    /// The number of the first row among all rows of the purpose and session.
    pub first: u64,
    pub(crate) tweak: Tweak,
    code: Code,
    /// The sender's secret s; the receiver has zero, so that every message is its own.
    secret: Row,
}

/// Where a batch stands in its purpose: no two batches share a number or a row. [DS-OT-3]
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The purpose and the session.
    pub tweak: Tweak,
    /// How many batches were before.
    pub batch: u64,
    /// How many rows were before.
    pub first: u64,
}

/// A column of `len` bits, stretched from a base key.
fn column(at: &Position, key: &Seed, len: usize) -> Result<Plane, ValueError> {
    let mut bytes = vec![0; len.div_ceil(8)];
    at.tweak.column(key, at.batch, &mut bytes);
    if let Some(last) = bytes.last_mut().filter(|_| !len.is_multiple_of(8)) {
        *last &= u8::MAX >> (8 - len % 8);
    }
    Plane::from_words(words_from_bytes(&bytes, len)?, len)
}

/// The receiver's side: the columns u, and its rows t. [DS-OT-11]
///
/// # Errors
/// [`ValueError::Length`] if there is not one pair of keys for each position of the code.
pub fn receive(
    at: &Position,
    code: Code,
    pairs: &[[Seed; 2]],
    choice: &[Plane],
) -> Result<(Vec<Plane>, Rows), ValueError> {
    check_keys(code, pairs.len())?;
    let len = choice.first().map_or(0, BitPlane::len);
    let (mut sent, mut kept) = (Vec::with_capacity(code.positions()), Vec::with_capacity(code.positions()));
    for (position, [zero, one]) in pairs.iter().enumerate() {
        let t = column(at, zero, len)?;
        sent.push(t.xor(&column(at, one, len)?)?.xor(&code.column(choice, position)?)?);
        kept.push(t);
    }
    let rows = rows(&kept, len);
    Ok((sent, Rows { rows, first: at.first, tweak: at.tweak, code, secret: [0; 4] }))
}

/// The sender's side: its rows q. [DS-OT-11]
///
/// # Errors
/// [`ValueError::Length`] unless there is one key and one column for each position of the code.
pub fn send(at: &Position, code: Code, secret: &Plane, keys: &[Seed], sent: &[Plane]) -> Result<Rows, ValueError> {
    check_keys(code, keys.len())?;
    check_keys(code, sent.len())?;
    let len = sent.first().map_or(0, BitPlane::len);
    let mut kept = Vec::with_capacity(code.positions());
    for ((bit, key), sent) in secret.to_bits().into_iter().zip(keys).zip(sent) {
        let masked = sent.and(&Plane::constant(len, bit))?;
        kept.push(column(at, key, len)?.xor(&masked)?);
    }
    let mut row = [0; 4];
    row.iter_mut().zip(secret.words()).for_each(|(row, word)| *row = *word);
    Ok(Rows { rows: rows(&kept, len), first: at.first, tweak: at.tweak, code, secret: row })
}

fn check_keys(code: Code, found: usize) -> Result<(), ValueError> {
    if found == code.positions() { Ok(()) } else { Err(ValueError::Length { left: found, right: code.positions() }) }
}

/// Two rows, word by word.
fn zip([a0, a1, a2, a3]: Row, [b0, b1, b2, b3]: Row, operation: impl Fn(u64, u64) -> u64) -> Row {
    [operation(a0, b0), operation(a1, b1), operation(a2, b2), operation(a3, b3)]
}

/// The rows of a matrix given by its columns, at most 256 of them.
fn rows(columns: &[Plane], len: usize) -> Vec<Row> {
    let mut rows = vec![[0; 4]; len];
    for (quarter, columns) in columns.chunks(64).enumerate() {
        for (index, lanes) in rows.chunks_mut(64).enumerate() {
            let mut block = [0; 64];
            let words = columns.iter().map(|column| column.words().get(index).copied().unwrap_or(0));
            block.iter_mut().zip(words).for_each(|(row, word)| *row = word);
            transpose(&mut block);
            for (row, word) in lanes.iter_mut().zip(block) {
                if let Some(slot) = row.get_mut(quarter) {
                    *slot = word;
                }
            }
        }
    }
    rows
}

/// The rows of a matrix of 128 columns, as numbers: bit j is that of column j. [DS-GC-3]
pub(crate) fn labels_of_columns(columns: &[Plane], len: usize) -> Vec<u128> {
    rows(columns, len).into_iter().map(number).collect()
}

/// The low 128 bits of a row as a number.
fn number([low, high, ..]: Row) -> u128 {
    wide(low, high)
}

impl Rows {
    /// The rows and the secret, of 128 bits each, as labels: for the sender zero labels and Delta, for the receiver active
    /// labels and zero. [DS-GC-3]
    pub(crate) fn labels(&self) -> (Vec<u128>, u128) {
        (self.rows.iter().copied().map(number).collect(), number(self.secret))
    }

    /// What the sender hashes if the choice is w: q_i xor (s and C(w)). For the receiver, t_i.
    fn guesses(&self, choice: usize) -> impl Iterator<Item = (u64, Row)> {
        let mask = zip(self.code.word(choice), self.secret, |c, s| c & s);
        let guess = move |row: &Row| zip(*row, mask, |q, mask| q ^ mask);
        (self.first..).zip(self.rows.iter().map(guess))
    }

    /// The pad of message number `choice`, at most 8 bits, for `len` rows from `start` on. [DS-OT-12]
    pub fn message_pad(&self, start: usize, len: usize, choice: usize, bits: usize) -> Vec<Plane> {
        let rows = self.guesses(choice).skip(start).take(len);
        let pads: Vec<u8> = rows.map(|(number, row)| self.tweak.message_pad(row, number)).collect();
        let bit = |bit: usize| Plane::from_bits(&pads.iter().map(|pad| pad >> bit & 1 == 1).collect::<Vec<bool>>());
        (0..bits).map(bit).collect()
    }

    /// The keys of all rows for a choice. [DS-OT-13]
    pub fn keys(&self, choice: usize) -> Vec<Seed> {
        self.guesses(choice).map(|(number, row)| self.tweak.cot_key(row, number)).collect()
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rows({} rows, secret)", self.rows.len())
    }
}
