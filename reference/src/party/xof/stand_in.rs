//! No hash at all: what stands in for SHAKE128 in the builds of fuzz targets, and only there, where hashing would take
//! most of the time. That outputs are right does not depend on the XOF; it has vectors, and the targets' corpora run with
//! it in the tests. [DS-FUZZ-8]

#[cfg(not(debug_assertions))]
compile_error!(
    "builds with --cfg fuzzing and the feature stand-in-hash have no hash: they are for fuzz targets, with debug assertions on, alone"
);

/// Mixes the input into one word, and the word into as many as the output has.
pub fn expand(input: &[u8], output: &mut [u8]) {
    let (whole, rest) = input.as_chunks();
    let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let words = whole.iter().map(|word| u64::from_le_bytes(*word)).chain([last]);
    let state = words.fold(0, |state, word| mix(state ^ word));
    for (counter, block) in (1..).zip(output.chunks_mut(8)) {
        let mixed = mix(state.wrapping_add(counter)).to_le_bytes();
        block.copy_from_slice(mixed.get(..block.len()).unwrap_or_default());
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}
