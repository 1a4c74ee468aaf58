//! The programs that are run over shapes: a piece by itself, and what a session begins with. [DS-COST-4]

use super::piece::Piece;
use deepshare_reference::backend::run::Sides;
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::network::activation::activate;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::Plan;
use deepshare_reference::values::{LinearMap, RingVector, ShapeRing, ValueError, Width};

/// Who is one round ahead of the other when a piece begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// The server: the client has just sent it something.
    Server,
    /// The client: the server has just sent it something.
    Client,
}

impl Ahead {
    /// Both cases.
    pub const BOTH: [Ahead; 2] = [Ahead::Server, Ahead::Client];
}

/// A piece after what it needs: prepared weights, gates of earlier layers, and one message that puts a party ahead. Run with
/// the piece and without it; the difference is the piece's.
pub struct Alone<'a> {
    /// The piece.
    pub piece: &'a Piece,
    /// Ring width.
    pub width: Width,
    /// Who is ahead.
    pub ahead: Ahead,
    /// Whether the piece itself is run.
    pub whole: bool,
}

impl Alone<'_> {
    /// The shapes of what both sides bring.
    pub fn inputs(&self) -> Sides<ShapeRing> {
        let shape = |len| ShapeRing::constant(self.width, len, 0);
        let server = match self.piece {
            Piece::Linear { map } => vec![shape(map.weights())],
            _ => Vec::new(),
        };
        let input = match self.piece {
            Piece::Input { len } => *len,
            _ => 0,
        };
        Sides { server, client: vec![shape(1), shape(input)] }
    }
}

impl Program for Alone<'_> {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let (width, mut own) = (self.width, own.into_iter());
        let zeros = |len| B::Share::constant(width, len, 0);
        let mut gates = Vec::new();
        let mut prepared = None;
        match self.piece {
            Piece::Linear { map } => {
                let weights = if backend.role() == Role::Server { own.next() } else { None };
                prepared = Some(backend.weights(map, width, weights.as_ref()).await?);
            }
            Piece::Activation { plan } => {
                for index in 0..plan.layers().len().saturating_sub(1) {
                    layer(backend, plan, index, &mut gates).await?;
                }
            }
            Piece::Input { .. } | Piece::Output { .. } | Piece::Truncate { .. } => {}
        }
        let first = own.next();
        match self.ahead {
            Ahead::Server => drop(backend.input(first.as_ref(), width, 1).await?),
            Ahead::Client => drop(backend.output(&zeros(1)).await?),
        }
        match self.piece {
            _ if !self.whole => {}
            Piece::Input { len } => drop(backend.input(own.next().as_ref(), width, *len).await?),
            Piece::Output { len } => drop(backend.output(&zeros(*len)).await?),
            Piece::Truncate { len, shift } => drop(backend.truncate(&zeros(*len), *shift).await?),
            Piece::Linear { map } => {
                if let Some(weights) = &prepared {
                    backend.linear(weights, &zeros(map.inputs()), 1).await?;
                }
            }
            Piece::Activation { plan } => {
                let last = plan.layers().len().saturating_sub(1);
                layer(backend, plan, last, &mut gates).await?;
            }
        }
        Ok(Vec::new())
    }
}

/// One activation layer of a plan, on values that do not matter.
async fn layer<B: Backend>(
    backend: &mut B,
    plan: &Plan,
    index: usize,
    gates: &mut Vec<Option<B::Gates>>,
) -> Result<(), PartyError> {
    let role = backend.role();
    let missing = ValueError::OutOfRange { start: index, len: 1, available: plan.layers().len() };
    let missing = PartyError::Value { role, step: "activation", source: missing };
    let shape = plan.layers().get(index).ok_or(missing)?.shape;
    let x = B::Share::constant(plan.width(), shape.elements(), 0);
    activate(backend, plan, index, 1, gates, None, &x).await.map(drop)
}

/// What an inference does before its input: the session's set-up, and the weights of all maps.
pub struct Opening {
    /// Ring width.
    pub width: Width,
    /// The maps whose weights are prepared.
    pub maps: Vec<LinearMap>,
}

impl Opening {
    /// The shapes of what both sides bring.
    pub fn inputs(&self) -> Sides<ShapeRing> {
        let weights = self.maps.iter().map(|map| ShapeRing::constant(self.width, map.weights(), 0));
        Sides { server: weights.collect(), client: Vec::new() }
    }
}

impl Program for Opening {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut own = own.into_iter();
        for map in &self.maps {
            backend.weights(map, self.width, own.next().as_ref()).await?;
        }
        Ok(Vec::new())
    }
}
