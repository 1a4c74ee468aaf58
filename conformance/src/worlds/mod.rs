//! Worlds: the same inference in the clear, with a trusted party, and over real protocols.

mod compare;
mod plaintext;
mod sessions;

use crate::error::CliError;
use crate::printable::Name;
use clap::builder::{PossibleValue, PossibleValuesParser};
use deepshare_reference::backend::Program;
use deepshare_reference::backend::protocols::Protocols;
use deepshare_reference::backend::run::{Outcome, Session, Sides, ideal};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::PartyError;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::values::{Ring, ShapeRing};
use indicatif::{ProgressBar, ProgressStyle};

pub use compare::{Difference, compare, prediction};
pub use plaintext::{Baseline, Overflow, plaintext};
pub use sessions::{Results, run};

/// A world in which two parties compute on shares.
#[derive(Clone, Copy)]
pub struct World {
    /// The name on the command line and in reports.
    pub name: &'static str,
    /// What it is, in words.
    pub description: &'static str,
    /// Whether its transcript is what real parties would send; calls of a trusted party cost nothing real.
    pub has_costs: bool,
    /// What a session pays for once, whatever its images.
    pub session: &'static str,
    /// Images of one session: enough to fill the lanes, few enough for memory and for a progress bar that moves.
    batch: usize,
    /// How many images the demonstration gives it unless it is asked for by name.
    pub demo_images: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Ideal,
    Real(Protocols),
}

/// All worlds. A further one is a further entry, and where its protocols are new, a variant of [`Protocols`].
pub const WORLDS: [World; 7] = [
    World {
        name: "ideal",
        description: "a trusted party computes every step on the parties' shares",
        has_costs: false,
        session: "nothing",
        batch: 60,
        demo_images: None,
        kind: Kind::Ideal,
    },
    World {
        name: "gmw",
        description: "two parties run the real protocols; a dealer gives them random material in advance",
        has_costs: true,
        session: "the weights",
        batch: 60,
        demo_images: None,
        kind: Kind::Real(Protocols::Gmw),
    },
    World {
        name: "ot",
        description: "two parties run the real protocols from oblivious transfers, with nobody else's help",
        has_costs: true,
        session: "base OTs",
        batch: 4,
        demo_images: Some(2),
        kind: Kind::Real(Protocols::Ot),
    },
    World {
        name: "ot-dealer",
        description: "as `ot`, but a dealer gives material for the linear layers, which are heavy without one",
        has_costs: true,
        session: "base OTs and the weights",
        batch: 20,
        demo_images: Some(2),
        kind: Kind::Real(Protocols::OtDealer),
    },
    World {
        name: "fss",
        description: "two parties compare masked values with a dealer's keys: one round for an activation layer",
        has_costs: true,
        session: "the weights",
        batch: 20,
        demo_images: None,
        kind: Kind::Real(Protocols::Fss(Serving::Payload)),
    },
    World {
        name: "fss-select",
        description: "as `fss`, with smaller keys and two rounds for an activation layer that opens gates",
        has_costs: true,
        session: "the weights",
        batch: 20,
        demo_images: Some(2),
        kind: Kind::Real(Protocols::Fss(Serving::Select)),
    },
    World {
        name: "garbled",
        description: "the server garbles circuits for DReLUs and truncations; a dealer gives material for linear layers",
        has_costs: true,
        session: "base OTs and the weights",
        batch: 10,
        demo_images: Some(2),
        kind: Kind::Real(Protocols::Garbled),
    },
];

impl World {
    /// Runs a program in this world.
    ///
    /// # Errors
    /// What a party reports.
    pub fn run<P: Program>(
        &self,
        program: &P,
        own: Sides<Ring>,
        seed: &Seed,
        session: Session,
    ) -> Result<Outcome<Ring>, PartyError> {
        match self.kind {
            Kind::Ideal => ideal(program, own, seed, session),
            Kind::Real(protocols) => protocols.run(program, own, seed, session),
        }
    }
}

impl World {
    /// Runs an inference in this world, as [`World::run`] runs any program.
    ///
    /// # Errors
    /// What a party reports.
    pub fn infer(
        &self,
        inference: &Inference,
        own: Sides<Ring>,
        seed: &Seed,
        session: Session,
    ) -> Result<Outcome<Ring>, PartyError> {
        match self.kind {
            Kind::Ideal => inference.in_ideal_world(own, seed, session),
            Kind::Real(protocols) => inference.over(protocols, own, seed, session),
        }
    }

    /// The transcript of a program in this world, from shapes alone; the ideal world costs nothing real. [DS-COST-1]
    ///
    /// # Errors
    /// What a party reports.
    pub fn cost<P: Program>(&self, program: &P, own: Sides<ShapeRing>) -> Result<Option<Transcript>, PartyError> {
        match self.kind {
            Kind::Ideal => Ok(None),
            Kind::Real(protocols) => protocols.cost(program, own).map(Some),
        }
    }
}

/// The names that an option `--backend` takes, for help and completion.
pub fn names(with_all: bool) -> PossibleValuesParser {
    let names = WORLDS.iter().map(|world| PossibleValue::new(world.name).help(world.description));
    let all = with_all.then(|| PossibleValue::new("all").help("all of these, one after the other"));
    PossibleValuesParser::new(names.chain(all))
}

/// The names that an option `--backend` takes where costs are asked for: those of real protocols, and `all`.
pub fn names_with_costs() -> PossibleValuesParser {
    let worlds = WORLDS.iter().filter(|world| world.has_costs);
    let names = worlds.map(|world| PossibleValue::new(world.name).help(world.description));
    PossibleValuesParser::new(names.chain([PossibleValue::new("all").help("all of these, one after the other")]))
}

/// The worlds that an option `--backend` names: one, or `all`.
///
/// # Errors
/// [`CliError::Argument`] if there is no such world.
pub fn select(name: &str) -> Result<Vec<World>, CliError> {
    let selected: Vec<World> = WORLDS.into_iter().filter(|world| name == "all" || name == world.name).collect();
    if selected.is_empty() {
        let names: Vec<&str> = WORLDS.iter().map(|world| world.name).collect();
        let rule = format!("there is no such backend; there are {} and all", names.join(", "));
        return Err(CliError::Argument { argument: Name(format!("--backend {name}")), rule });
    }
    Ok(selected)
}

/// A progress bar on standard error; hidden unless that is a terminal.
pub(crate) fn progress(world: &'static str, total: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64).with_prefix(world).with_message(what);
    let style = ProgressStyle::with_template("{prefix:>8} [{bar:40}] {pos}/{len} {msg}, {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.tick();
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_backend_is_rejected() {
        assert_eq!(select("all").unwrap().len(), WORLDS.len());
        assert_eq!(select("gmv").err().unwrap().code(), "cli/argument");
    }
}
