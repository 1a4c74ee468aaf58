//! From a hand-owned case of `party` to its input: all roles run in one process, and what the role of the case would
//! receive becomes its incoming frames. [DS-VEC-12]

use super::input;
use super::party::own;
use super::tamper::{Tamper, apply};
use crate::operations::Refusal;
use crate::steps::Right;
use crate::vectors::types::{Bytes, Count, Integer, RoleName};
use deepshare_reference::backend::live::LiveBackend;
use deepshare_reference::backend::role::{self, RoleEnd};
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{LocalNet, Medium, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::values::Ring;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::rc::Rc;

/// A hand-owned case: all that all roles bring.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owned {
    backend: String,
    role: RoleName,
    network: Map<String, Value>,
    batch: Count,
    session: Bytes,
    seeds: Seeds,
    images: Vec<Vec<Integer>>,
    #[serde(default)]
    tamper: Vec<Tamper>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeds {
    server: Bytes,
    client: Bytes,
    trusted: Bytes,
}

/// A frame that travelled.
#[derive(Clone, Debug)]
pub(super) struct Travelled {
    pub(super) from: Role,
    pub(super) to: Role,
    pub(super) frame: Vec<u8>,
}

/// A session of all roles.
struct Whole {
    backend: LiveBackend,
    network: Network,
    batch: usize,
    session: SessionId,
    /// Of server, client and trusted party.
    seeds: [Seed; 3],
    server: Vec<Ring>,
    client: Vec<Ring>,
}

/// The input of a hand-owned case.
pub(super) fn expand(owned: Value) -> Result<Value, Refusal> {
    let owned: Owned = serde_json::from_value(owned).map_err(Refusal::request)?;
    let role = Role::from(owned.role);
    let whole = Whole::new(&owned)?;
    let frames = whole.record()?;
    let mut incoming = Vec::new();
    for from in [Role::Server, Role::Client, Role::Trusted] {
        let sent = frames.iter().filter(|frame| frame.from == from && frame.to == role);
        let mut arriving: Vec<Vec<u8>> = sent.map(|frame| frame.frame.clone()).collect();
        for tamper in owned.tamper.iter().filter(|tamper| Role::from(tamper.from) == from) {
            apply(tamper, &mut arriving)?;
        }
        let from = RoleName::from(from);
        incoming.extend(arriving.into_iter().map(|frame| json!({"from": from, "frame": Bytes(frame)})));
    }
    let network = match role {
        Role::Server => Value::Object(owned.network),
        _ => serde_json::from_str(&whole.network.public_part().to_json()).map_err(Refusal::request)?,
    };
    let seed = match role {
        Role::Server => owned.seeds.server,
        Role::Client => owned.seeds.client,
        Role::Trusted => owned.seeds.trusted,
    };
    let mut input = json!({
        "backend": owned.backend,
        "role": owned.role,
        "network": network,
        "batch": owned.batch,
        "session": owned.session,
        "seed": seed,
    });
    if let Value::Object(fields) = &mut input {
        if role == Role::Client {
            fields.insert("images".to_owned(), json!(owned.images));
        }
        fields.insert("incoming".to_owned(), Value::Array(incoming));
    }
    Ok(input)
}

/// Keeps what travels.
#[derive(Clone, Default)]
struct Tap(Rc<RefCell<Vec<Travelled>>>);

impl Medium<Vec<u8>> for Tap {
    fn carry(&mut self, from: Role, to: Role, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.0.borrow_mut().push(Travelled { from, to, frame: frame.clone() });
        vec![frame]
    }
}

impl Whole {
    fn new(owned: &Owned) -> Result<Whole, Refusal> {
        let (network, batch) = (input::network(&owned.network)?, owned.batch.length());
        let seeds = [&owned.seeds.server, &owned.seeds.client, &owned.seeds.trusted].map(input::seed);
        let [server_seed, client_seed, trusted_seed] = seeds;
        Ok(Whole {
            backend: input::backend(&owned.backend)?,
            session: input::session(&owned.session)?,
            seeds: [server_seed?, client_seed?, trusted_seed?],
            server: own(&Right, Role::Server, &network, batch, None)?,
            client: own(&Right, Role::Client, &network, batch, Some(&owned.images))?,
            network,
            batch,
        })
    }

    /// All frames of the session, in the order of sending.
    fn record(&self) -> Result<Vec<Travelled>, Refusal> {
        let (net, tap) = (LocalNet::<Vec<u8>>::new(self.session, Transcript::default()), Tap::default());
        net.intercept(Box::new(tap.clone()));
        let program = Inference::new(&self.network, self.batch);
        let [server_seed, client_seed, trusted_seed] = self.seeds;
        let coins = |role, seed: Seed| SeedCoins::new(&seed.for_session(self.session), self.backend.name, role);
        let party = async |role, seed, own| {
            let (mut channel, coins) = (net.endpoint(role), coins(role, seed));
            let end = RoleEnd { channel: &mut channel, coins, session: self.session };
            role::party(&program, self.backend, end, own).await
        };
        let trusted = async {
            if !self.backend.needs_dealer {
                return Ok(());
            }
            let (mut channel, coins) = (net.endpoint(Role::Trusted), coins(Role::Trusted, trusted_seed));
            let end = RoleEnd { channel: &mut channel, coins, session: self.session };
            role::dealer(&program, self.backend, end).await
        };
        let server = party(Role::Server, server_seed, self.server.clone());
        let client = party(Role::Client, client_seed, self.client.clone());
        run(&net, trusted, server, client).map_err(|error| Refusal::new(error.code(), error))?;
        Ok(tap.0.take())
    }
}
