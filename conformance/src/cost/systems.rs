//! What other systems send for the same counts, by figures that the book lists with their sources. [DS-COST-9]

use deepshare_reference::plan::Counts;

/// Figures of a system at k = 64, payload bits online, both parties together.
pub struct System {
    /// The system.
    pub name: &'static str,
    /// Who helps, or from what the bits are made.
    pub setting: &'static str,
    /// Bits of a DReLU.
    pub drelu: u64,
    /// Bits of the product of one element with the bit that was made for it.
    pub product: u64,
    /// Bits of the product of a further element with the same bit.
    pub replicate: u64,
    /// Rounds of a DReLU, in words.
    pub rounds: &'static str,
    /// Where the figures are from.
    pub source: &'static str,
}

/// The table of the book's chapter "Which to take, and how it compares".
pub const SYSTEMS: [System; 4] = [
    System {
        name: "SPU SEMI2K",
        setting: "dealer",
        drelu: 896,
        product: 256,
        replicate: 256,
        rounds: "7",
        source: "measured by us, SPU 0.9.5",
    },
    System {
        name: "SPU CHEETAH",
        setting: "silent OT",
        drelu: 658,
        product: 130,
        replicate: 130,
        rounds: "6",
        source: "measured by us, SPU 0.9.5",
    },
    System {
        name: "CrypTen",
        setting: "dealer",
        drelu: 2688,
        product: 256,
        replicate: 160,
        rounds: "8",
        source: "counted by us in its source",
    },
    System {
        name: "CrypTFlow2",
        setting: "OT",
        drelu: 9056,  // (lambda + 13.5) k
        product: 384, // 2 (lambda + k)
        replicate: 384,
        rounds: "log k",
        source: "Rathee et al., CCS 2020",
    },
];

impl System {
    /// Bits for the DReLUs and products of a plan; `None` if they do not fit 64 bits.
    pub fn bits(&self, counts: &Counts) -> Option<u64> {
        let replicates = counts.multiplexed.checked_sub(counts.drelus)?;
        let own = counts.drelus.checked_mul(self.drelu + self.product)?;
        own.checked_add(replicates.checked_mul(self.replicate)?)
    }
}
