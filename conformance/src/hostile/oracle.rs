//! What the specification says about a frame that arrives: well-formed, or malformed with which code.
//!
//! This is a reading of [DS-WIRE-4] and [DS-WIRE-5] of its own; nothing of the reference's frames is called. It judges bytes
//! by public parameters, and knows nothing of the receiver's state.

/// Highest code of a phase. [DS-WIRE-4]
const LAST_PHASE: u8 = 3;

/// What public parameters say about the next frame that a receiver takes from a sender.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The session's identifier.
    pub session: [u8; 16],
    /// The code of the step's phase.
    pub phase: u8,
    /// The frame's number.
    pub sequence: u64,
    /// The step's label.
    pub label: &'static str,
    /// Bits of the payload without filling.
    pub payload_bits: u64,
    /// Rounds from 1 to this one are surely reachable: it is the round that the honest sender would give.
    pub reachable: u32,
    /// Rounds above this one are surely unreachable.
    pub last: u32,
    /// What the payload must be.
    pub payload: PayloadRule,
}

/// What a payload of the right length must be.
#[derive(Clone, Copy, Debug)]
pub enum PayloadRule {
    /// Packed elements with zero filling bits. [DS-WIRE-3]
    Packed,
    /// The same, and a rule of the step's own: the code of a payload that breaks it.
    Own(fn(&[u8]) -> Option<&'static str>),
}

/// What the specification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver ends at this step with one of these codes.
    Malformed {
        /// The step's label.
        step: &'static str,
        /// The codes; more than one where the first violation depends on what the receiver has consumed.
        codes: Vec<&'static str>,
    },
    /// The specification requires no error; what the receiver computes is not specified. [DS-HOSTILE-3]
    WellFormed,
}

impl Expected {
    /// Bytes of the payload. [DS-WIRE-1]
    pub fn payload_bytes(&self) -> u64 {
        self.payload_bits.div_ceil(8)
    }

    /// Filling bits of the payload's last byte.
    pub fn filling_bits(&self) -> u64 {
        self.payload_bytes() * 8 - self.payload_bits
    }
}

/// The verdict on bytes that arrive where a frame is expected. [DS-WIRE-5]
///
/// A round that the receiver may or may not think reachable, in a frame without any other violation, counts as
/// well-formed: nothing is required of it here.
pub fn judge(expected: &Expected, frame: &[u8]) -> Verdict {
    match codes(expected, frame) {
        codes if codes.is_empty() => Verdict::WellFormed,
        codes => Verdict::Malformed { step: expected.label, codes },
    }
}

fn codes(expected: &Expected, frame: &[u8]) -> Vec<&'static str> {
    let fields = match Fields::read(frame) {
        Ok(fields) => fields,
        Err(code) => return vec![code],
    };
    if fields.session != expected.session {
        return vec!["frame/session"];
    }
    if fields.phase != expected.phase {
        return vec!["frame/phase"];
    }
    if fields.round == 0 || fields.round > u64::from(expected.last) {
        return vec!["frame/round"];
    }
    let rest = after_the_round(expected, &fields);
    match rest {
        Some(code) if fields.round > u64::from(expected.reachable) => vec!["frame/round", code],
        rest => rest.into_iter().collect(),
    }
}

/// What is compared after the round: the first violation.
fn after_the_round(expected: &Expected, fields: &Fields) -> Option<&'static str> {
    if fields.sequence != expected.sequence {
        return Some("frame/sequence");
    }
    if fields.label != expected.label.as_bytes() {
        return Some("frame/step");
    }
    if fields.payload_bytes != expected.payload_bytes() {
        return Some("frame/length");
    }
    if fields.payload.len() as u64 != fields.payload_bytes {
        return Some("frame/cut");
    }
    match expected.payload {
        _ if filled(expected, fields.payload) => Some("frame/padding"),
        PayloadRule::Packed => None,
        PayloadRule::Own(rule) => rule(fields.payload),
    }
}

/// Whether a filling bit is set: the highest bits of the last byte. [DS-WIRE-1]
fn filled(expected: &Expected, payload: &[u8]) -> bool {
    let used = 8 - expected.filling_bits();
    payload.last().is_some_and(|&last| u64::from(last) >= 1 << used)
}

/// A frame's fields. [DS-WIRE-4]
struct Fields<'a> {
    session: &'a [u8],
    phase: u8,
    round: u64,
    sequence: u64,
    label: &'a [u8],
    payload_bytes: u64,
    payload: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Step 1 of the order of [DS-WIRE-5]: the header, byte by byte.
    fn read(frame: &'a [u8]) -> Result<Fields<'a>, &'static str> {
        let (version, rest) = split(frame, 1)?;
        if version != [1] {
            return Err("frame/version");
        }
        let (session, rest) = split(rest, 16)?;
        let (phase, rest) = split(rest, 1)?;
        let phase = phase.first().copied().filter(|&code| code <= LAST_PHASE).ok_or("frame/phase")?;
        let (round, rest) = split(rest, 4)?;
        let (sequence, rest) = split(rest, 8)?;
        let (label_bytes, rest) = split(rest, 1)?;
        let (label, rest) = split(rest, usize::from(label_bytes.first().copied().unwrap_or(0)))?;
        let (payload_bytes, payload) = split(rest, 8)?;
        let (round, sequence, payload_bytes) = (number(round), number(sequence), number(payload_bytes));
        Ok(Fields { session, phase, round, sequence, label, payload_bytes, payload })
    }
}

fn split(bytes: &[u8], len: usize) -> Result<(&[u8], &[u8]), &'static str> {
    bytes.split_at_checked(len).ok_or("frame/cut")
}

/// A little-endian number of at most 8 bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rfold(0, |number, &byte| number * 256 + u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame of the example in the chapter on the wire, written by hand.
    const FRAME: [u8; 55] = *b"\x01\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x02\x08\0\0\0\
        \x0f\0\0\0\0\0\0\0\x0dapply/epsilon\x03\0\0\0\0\0\0\0\xbc\x3a\x12";

    /// What its receiver expects, were the last byte's three highest bits filling.
    fn expected() -> Expected {
        Expected {
            session: [0x5a; 16],
            phase: 2,
            sequence: 15,
            label: "apply/epsilon",
            payload_bits: 21,
            reachable: 8,
            last: 11,
            payload: PayloadRule::Packed,
        }
    }

    fn found(frame: &[u8]) -> Vec<&'static str> {
        codes(&expected(), frame)
    }

    fn changed(at: usize, byte: u8) -> Vec<&'static str> {
        let mut frame = FRAME;
        frame[at] = byte;
        found(&frame)
    }

    #[test]
    fn the_example_is_well_formed_and_its_payload_free() {
        assert_eq!(judge(&expected(), &FRAME), Verdict::WellFormed);
        for (at, byte) in [(52, 0), (53, 0xff), (54, 0x1f), (18, 1), (18, 7)] {
            assert_eq!(changed(at, byte), Vec::<&str>::new(), "byte {at}");
        }
    }

    #[test]
    fn each_field_has_its_code() {
        for (at, byte, code) in [
            (0, 0, "frame/version"),
            (1, 0, "frame/session"),
            (16, 0, "frame/session"),
            (17, 3, "frame/phase"),
            (17, 4, "frame/phase"),
            (18, 0, "frame/round"),
            (18, 12, "frame/round"),
            (21, 0x80, "frame/round"),
            (22, 14, "frame/sequence"),
            (29, 1, "frame/sequence"),
            (30, 12, "frame/step"), // one byte of the label is read as the length's lowest
            (30, 255, "frame/cut"), // the label would not end
            (31, b'A', "frame/step"),
            (44, 2, "frame/length"),
            (44, 4, "frame/length"),
            (51, 0x80, "frame/length"), // more than 2^63 bytes
            (54, 0x20, "frame/padding"),
            (54, 0xff, "frame/padding"),
        ] {
            assert_eq!(changed(at, byte), [code], "byte {at} is {byte}");
        }
        assert_eq!(judge(&expected(), &[]), Verdict::Malformed { step: "apply/epsilon", codes: vec!["frame/cut"] });
    }

    #[test]
    fn the_order_of_the_checks() {
        for end in 0..FRAME.len() {
            assert_eq!(found(&FRAME[..end]), ["frame/cut"], "cut at {end}");
        }
        assert_eq!(found(&[&FRAME[..], &[0]].concat()), ["frame/cut"]);
        let foreign = |phase| {
            let mut frame = FRAME;
            (frame[1], frame[17]) = (0, phase);
            frame
        };
        assert_eq!(found(&foreign(4)), ["frame/phase"]); // parsing comes before the comparisons
        assert_eq!(found(&foreign(1)), ["frame/session"]);
        assert_eq!(found(&foreign(1)[..54]), ["frame/session"]);
        assert_eq!(found(&foreign(1)[..20]), ["frame/cut"]);
        let mut both = FRAME;
        (both[31], both[44]) = (b'A', 9);
        assert_eq!(found(&both), ["frame/step"]);
        assert_eq!(found(&[2]), ["frame/version"]);
    }

    /// Whether round 9 is reachable depends on the receiver; either way a wrong number is found, by the one code or the
    /// other.
    #[test]
    fn a_round_that_may_be_reachable_decides_nothing() {
        assert!(changed(18, 9).is_empty());
        let mut frame = FRAME;
        (frame[18], frame[22]) = (9, 16);
        assert_eq!(found(&frame), ["frame/round", "frame/sequence"]);
    }

    #[test]
    fn a_step_may_have_a_rule_of_its_own() {
        fn rule(payload: &[u8]) -> Option<&'static str> {
            (payload.first() == Some(&0)).then_some("test/payload")
        }
        let own = Expected { payload: PayloadRule::Own(rule), ..expected() };
        let mut frame = FRAME;
        assert!(codes(&own, &frame).is_empty());
        frame[52] = 0;
        assert_eq!(codes(&own, &frame), ["test/payload"]);
    }
}
