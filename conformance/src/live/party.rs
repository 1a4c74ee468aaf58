//! `deepshare party`: the server or the client of a session over TCP.

use super::options::{self, DEALER_ADDRESS, MAX_IMAGES, MAX_SECONDS, PARTY_ADDRESS, argument};
use super::report::{Report, Shown};
use crate::error::CliError;
use crate::files;
use crate::outputs::Outputs;
use crate::printable::Name;
use crate::seed::{UserSeed, nonce};
use clap::{Args, ValueEnum};
use deepshare_reference::backend::live::{self, LiveBackend, LiveSession};
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Images, Network};
use deepshare_reference::party::tcp::{Agreed, KeepOut, as_client, as_server, connect, with_dealer};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, PublicPart, Role};
use deepshare_reference::values::Ring;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Example, in three terminals (the public part is made once):
  deepshare network public net.json --output public.json
  deepshare dealer --public public.json
  deepshare party --role server --network net.json --dealer 127.0.0.1:7879
  deepshare party --role client --public public.json --input images.json --dealer 127.0.0.1:7879

The channel is neither encrypted nor authenticated: for other addresses than the loopback interface's, carry
it in TLS, SSH or WireGuard.";

/// The options of a party.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct PartyArgs {
    /// Which party this process is
    #[arg(long, value_enum)]
    pub role: PartyRole,
    /// The server's network file (deepshare-network/1) with its weights, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub network: Option<PathBuf>,
    /// The public part of the server's network, for the client, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub public: Option<PathBuf>,
    /// The client's input file (deepshare-input/1), or - for standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Take only the first images of the input file [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub images: Option<u32>,
    /// The most images that the server takes in one batch [default: 60]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_images: Option<u32>,
    /// Listen for the other party; port 0 picks a port [default for the server: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDR", conflicts_with = "connect")]
    pub listen: Option<String>,
    /// Connect to the other party [default for the client: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDR")]
    pub connect: Option<String>,
    /// The protocols
    #[arg(long, value_name = "NAME", default_value = "gmw", value_parser = options::backend_names())]
    pub backend: String,
    /// Where the dealer listens, for a backend that has one
    #[arg(long, value_name = "ADDR")]
    pub dealer: Option<String>,
    /// The longest that the other side may take for a frame, and for each step before the session
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=MAX_SECONDS))]
    pub timeout: u64,
    /// Seed of this party's coins and nonce, for tests: 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// The two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PartyRole {
    /// Owns the network
    Server,
    /// Owns the images and learns the outputs
    Client,
}

/// What a party brings to a session.
enum Own {
    Server { network: Network, most: u32 },
    Client { public: Network, images: Images, file: Name },
}

/// Runs a party.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or [`CliError::Session`]; then nothing is printed.
pub fn party(args: &PartyArgs) -> Result<(), CliError> {
    let backend = options::backend(&args.backend)?;
    let seed = UserSeed::from_option(args.seed.as_deref())?.seed();
    let limit = Duration::from_secs(args.timeout);
    let dealer = dealer_address(args, backend)?;
    let own = Own::new(args)?;
    let role = own.role();
    let own_vectors = own.vectors()?;

    let (peer, keep_out) = meet(args, role, limit)?;
    let agreed = own.agree(&peer, backend, &seed, limit).map_err(CliError::Session)?;
    let mut connections = vec![(role.peer(), peer)];
    if let Some(addresses) = dealer {
        let dealer = connect(role, &addresses, limit).map_err(CliError::Session)?;
        with_dealer(role, &dealer, &agreed, limit).map_err(CliError::Session)?;
        connections.push((Role::Trusted, dealer));
    }

    let images = agreed.images;
    let program = Inference::new(own.network(), usize::try_from(images).unwrap_or(usize::MAX));
    let session = LiveSession { backend, agreed, connections, seed: &seed, limit, transcript: Transcript::default() };
    let (vectors, finished) = live::party(&program, role, own_vectors, session).map_err(CliError::Session)?;
    drop(keep_out);
    let outputs = own.outputs(&vectors);
    let shown = own.shown(&outputs);
    Report { role, backend, network: own.network(), images, shown, finished: &finished }.print(args.json)
}

/// The dealer's addresses: there if and only if the backend has a dealer.
fn dealer_address(args: &PartyArgs, backend: LiveBackend) -> Result<Option<Vec<SocketAddr>>, CliError> {
    match (&args.dealer, backend.needs_dealer) {
        (Some(text), true) => options::addresses("--dealer", text).map(Some),
        (None, false) => Ok(None),
        (None, true) => {
            let rule = format!("it has a dealer: give its address, such as --dealer {DEALER_ADDRESS}");
            Err(argument(format!("--backend {}", backend.name), rule))
        }
        (Some(text), false) => {
            Err(argument(format!("--dealer {text}"), format!("the backend {} has no dealer", backend.name)))
        }
    }
}

/// The connection to the other party; whoever listens keeps others out from then on.
fn meet(args: &PartyArgs, role: Role, limit: Duration) -> Result<(TcpStream, Option<KeepOut>), CliError> {
    let connect_to = match (&args.connect, &args.listen) {
        (Some(address), _) => Some(address.as_str()),
        (None, None) if role == Role::Client => Some(PARTY_ADDRESS),
        _ => None,
    };
    if let Some(address) = connect_to {
        let addresses = options::addresses("--connect", address)?;
        return Ok((connect(role, &addresses, limit).map_err(CliError::Session)?, None));
    }
    let addresses = options::addresses("--listen", args.listen.as_deref().unwrap_or(PARTY_ADDRESS))?;
    let listener = options::listen(role, &addresses)?;
    let peer = listener.accept(None).map_err(CliError::Session)?;
    Ok((peer, Some(listener.keep_out().map_err(CliError::Session)?)))
}

impl Own {
    fn new(args: &PartyArgs) -> Result<Own, CliError> {
        match args.role {
            PartyRole::Server => {
                let client = [args.public.is_some(), args.input.is_some(), args.images.is_some()];
                foreign("server", ["--public", "--input", "--images"].into_iter().zip(client))?;
                let path = needed("server", "--network", args.network.as_ref())?;
                let (file, network) = (files::name(path), files::network(path)?);
                if network.is_shape_only() {
                    return Err(CliError::ShapeOnly { file });
                }
                Ok(Own::Server { network, most: args.max_images.unwrap_or(MAX_IMAGES) })
            }
            PartyRole::Client => {
                let server = [args.network.is_some(), args.max_images.is_some()];
                foreign("client", ["--network", "--max-images"].into_iter().zip(server))?;
                let public = files::public_part(needed("client", "--public", args.public.as_ref())?)?;
                let path = needed("client", "--input", args.input.as_ref())?;
                let mut images = files::images(path, &public)?;
                first(&mut images, args.images)?;
                Ok(Own::Client { public, images, file: files::name(path) })
            }
        }
    }

    fn role(&self) -> Role {
        match self {
            Own::Server { .. } => Role::Server,
            Own::Client { .. } => Role::Client,
        }
    }

    fn network(&self) -> &Network {
        match self {
            Own::Server { network, .. } => network,
            Own::Client { public, .. } => public,
        }
    }

    /// The vectors that the party brings to the program.
    fn vectors(&self) -> Result<Vec<Ring>, CliError> {
        match self {
            Own::Server { network, .. } => Inference::server_inputs(network)
                .ok_or_else(|| CliError::ShapeOnly { file: Name(network.name().to_owned()) }),
            Own::Client { public, images, file } => {
                for (index, image) in images.images.iter().enumerate() {
                    let place = || Name(format!("{}: images[{index}]", file.0));
                    let fits = Ring::from_integers(public.width(), image).map(drop);
                    fits.map_err(|source| CliError::Value { place: place(), source })?;
                }
                let elements = images.images.iter().flatten().map(|&x| public.width().encode_wrapping(x));
                Ok(vec![Ring::new(public.width(), elements.collect())])
            }
        }
    }

    /// The handshake with the other party.
    fn agree(
        &self,
        peer: &TcpStream,
        backend: LiveBackend,
        seed: &Seed,
        limit: Duration,
    ) -> Result<Agreed, PartyError> {
        let nonce = nonce(seed, self.role());
        let part = |images| public_part(self.network(), backend, images);
        match self {
            Own::Server { most, .. } => as_server(peer, part, *most, nonce, limit),
            Own::Client { images, .. } => {
                let images = u32::try_from(images.images.len()).unwrap_or(u32::MAX);
                as_client(peer, part(images), images, nonce, limit)
            }
        }
    }

    /// The outputs that the party gets, image by image.
    fn outputs(&self, vectors: &[Ring]) -> Vec<Vec<i64>> {
        let elements = vectors.first().map(Ring::to_integers).unwrap_or_default();
        elements.chunks(self.network().output().shape.elements()).map(<[i64]>::to_vec).collect()
    }

    /// The outputs with what is known of them; only the client has any.
    fn shown<'a>(&'a self, outputs: &'a [Vec<i64>]) -> Shown<'a> {
        match self {
            Own::Server { .. } => None,
            Own::Client { public, images, .. } => {
                Some(Outputs { images: outputs, scale: public.output().scale, labels: images.labels.as_deref() })
            }
        }
    }
}

/// The public part of a session of so many images. [DS-SESSION-2]
pub(super) fn public_part(network: &Network, backend: LiveBackend, images: u32) -> PublicPart {
    network.session_part(backend.name, usize::try_from(images).unwrap_or(usize::MAX))
}

fn needed<'a>(role: &str, option: &str, path: Option<&'a PathBuf>) -> Result<&'a PathBuf, CliError> {
    path.ok_or_else(|| argument(format!("--role {role}"), format!("the {role} needs {option} FILE")))
}

/// Options that the role does not take, each with whether it was given.
fn foreign<'a>(role: &str, options: impl IntoIterator<Item = (&'a str, bool)>) -> Result<(), CliError> {
    match options.into_iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => Err(argument(option, format!("the {role} takes no {option}"))),
    }
}

/// Keeps the first images of a file.
fn first(images: &mut Images, count: Option<u32>) -> Result<(), CliError> {
    let (all, Some(count)) = (images.images.len(), count) else { return Ok(()) };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if !(1..=all).contains(&count) {
        return Err(argument(
            format!("--images {count}"),
            format!("the file has {all} images; give a number from 1 to {all}"),
        ));
    }
    images.images.truncate(count);
    if let Some(labels) = &mut images.labels {
        labels.truncate(count);
    }
    Ok(())
}
