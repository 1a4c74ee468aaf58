//! Options that the party and the dealer share: backend, addresses, limit.

use crate::error::CliError;
use crate::printable::{Name, printable};
use clap::builder::{PossibleValue, PossibleValuesParser};
use deepshare_reference::backend::live::{LIVE_BACKENDS, LiveBackend};
use deepshare_reference::party::Role;
use deepshare_reference::party::tcp::Listener;
use std::io::Write;
use std::net::{SocketAddr, ToSocketAddrs};

/// Where the server listens and the client connects unless told otherwise.
pub const PARTY_ADDRESS: &str = "127.0.0.1:7878";
/// Where the dealer listens unless told otherwise.
pub const DEALER_ADDRESS: &str = "127.0.0.1:7879";
/// The most images of a batch unless told otherwise.
pub const MAX_IMAGES: u32 = 60;
/// The longest limit in seconds: a day.
pub const MAX_SECONDS: u64 = 86_400;

/// The names that an option `--backend` takes, for help and completion.
pub fn backend_names() -> PossibleValuesParser {
    let names = LIVE_BACKENDS.iter().map(|backend| PossibleValue::new(backend.name).help(backend.description));
    PossibleValuesParser::new(names)
}

/// The backend of a name.
///
/// # Errors
/// [`CliError::Argument`] if there is no such backend.
pub fn backend(name: &str) -> Result<LiveBackend, CliError> {
    let found = LIVE_BACKENDS.into_iter().find(|backend| backend.name == name);
    found.ok_or_else(|| argument(format!("--backend {name}"), "there is no such backend"))
}

/// An argument with the rule that it breaks.
pub fn argument(argument: impl Into<String>, rule: impl Into<String>) -> CliError {
    CliError::Argument { argument: Name(argument.into()), rule: rule.into() }
}

/// The socket addresses behind an option such as `--connect 127.0.0.1:7878`. Says on standard error if one is not of the
/// loopback interface. [DS-LIVE-11]
///
/// # Errors
/// [`CliError::Argument`] if it is no address.
pub fn addresses(option: &str, text: &str) -> Result<Vec<SocketAddr>, CliError> {
    let wrong = |reason: String| argument(format!("{option} {text}"), reason);
    let rule = |reason: &str| wrong(format!("an address is HOST:PORT, such as {PARTY_ADDRESS} ({reason})"));
    let found = text.to_socket_addrs().map_err(|error| rule(&error.to_string()))?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err(rule("it has no socket address"));
    }
    if found.iter().any(|address| !address.ip().is_loopback()) {
        let text = printable(text);
        tell(&format!(
            "deepshare: warning: {option} {text}: not this machine's loopback interface, and the channel is neither encrypted nor authenticated; carry it in TLS, SSH or WireGuard [DS-LIVE-11]"
        ));
    }
    Ok(found)
}

/// Listens, and says where on standard error.
///
/// # Errors
/// [`CliError::Session`] if that is not possible.
pub fn listen(role: Role, addresses: &[SocketAddr]) -> Result<Listener, CliError> {
    let listener = Listener::bind(role, addresses).map_err(CliError::Session)?;
    tell(&format!("listening on {}", listener.address()));
    Ok(listener)
}

/// A line on standard error. If that is closed, nobody is there to be told.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_hosts_with_ports() {
        assert_eq!(addresses("--connect", "127.0.0.1:7878").unwrap().len(), 1);
        for text in ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", ":::"] {
            assert_eq!(addresses("--connect", text).unwrap_err().code(), "cli/argument", "{text}");
        }
    }

    #[test]
    fn an_unknown_backend_is_rejected() {
        assert!(backend("gmw").unwrap().needs_dealer);
        assert_eq!(backend("ideal").unwrap_err().code(), "cli/argument");
    }
}
