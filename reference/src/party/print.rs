//! A transcript as a table that a person can read.

use super::Phase;
use super::transcript::{Entry, Transcript};
use crate::values::Width;
use crate::values::bits::{BitReader, words_from_bytes};
use std::fmt::Write;

/// Values and bytes shown of one frame; longer lists end in `..`.
const SHOWN: usize = 8;

impl Transcript {
    /// The transcript as text, a line a frame: phase, round, direction, step, element type and count, payload bits,
    /// clause; and, if payloads were kept, the decoded values and the packed bytes in hexadecimal.
    ///
    /// Ring elements are shown as two's-complement integers; they are shares or masked values, and so look random.
    pub fn annotated(&self) -> String {
        let mut text =
            String::from("phase   round  from -> to         step                    content          bits  clause\n");
        for entry in self.entries() {
            // writing to a string cannot fail
            let _ = writeln!(text, "{}", headline(entry));
            if let Some(payload) = &entry.payload {
                let _ = writeln!(text, "          values {}", shown(values(entry, payload)));
                let _ = writeln!(text, "          bytes  {}", shown(payload.iter().map(|byte| format!("{byte:02x}"))));
            }
        }
        text.push_str(&self.totals());
        text
    }

    fn totals(&self) -> String {
        let mut text = String::new();
        for phase in Phase::ALL {
            let cost = self.cost(phase);
            if cost.frames > 0 {
                let [server, client, trusted] = [cost.server_bits, cost.client_bits, cost.trusted_bits];
                let _ = writeln!(
                    text,
                    "{}: {} rounds, {} payload bits (server {server}, client {client}, trusted {trusted}), {} wire bytes in {} frames",
                    phase.name(),
                    cost.rounds,
                    cost.bits(),
                    cost.wire_bytes,
                    cost.frames
                );
            }
        }
        text
    }
}

fn headline(entry: &Entry) -> String {
    let direction = format!("{} -> {}", entry.from, entry.to);
    let content = match entry.content.ring {
        true => format!("{} x Z/2^{}", entry.content.count, entry.content.element_bits),
        false => format!("{} x bit", entry.content.count),
    };
    format!(
        "{:<7} {:>5}  {direction:<18} {:<23} {content:<12} {:>8}  [{}]",
        entry.phase.name(),
        entry.round,
        entry.step,
        entry.content.bits(),
        entry.clause
    )
}

/// The elements of a payload: integers of the ring, or bits.
fn values(entry: &Entry, payload: &[u8]) -> impl Iterator<Item = String> {
    let bits = entry.content.element_bits;
    let total = usize::try_from(entry.content.bits()).unwrap_or(usize::MAX);
    let words = words_from_bytes(payload, total).unwrap_or_default();
    let width = Width::new(u64::from(bits)).ok().filter(|_| entry.content.ring);
    (0..entry.content.count).map(move |index| {
        let element = BitReader::at(&words, index * bits as usize).take(bits);
        width.map_or(element.to_string(), |width| width.decode(element).to_string())
    })
}

fn shown(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.take(SHOWN + 1).collect();
    if items.len() > SHOWN {
        items.truncate(SHOWN);
        items.push("..".to_owned());
    }
    items.join(" ")
}
