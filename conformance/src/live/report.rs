//! What a process shows of a session: what travelled, and for the client its outputs. [DS-LIVE-12]

use crate::error::CliError;
use crate::output::{count, print, print_json, table, thousands};
use crate::outputs::Outputs;
use crate::printable::printable;
use deepshare_reference::backend::live::LiveBackend;
use deepshare_reference::network::Network;
use deepshare_reference::party::tcp::Finished;
use deepshare_reference::party::transcript::{Cost, Entry};
use deepshare_reference::party::{Phase, Role};
use serde_json::{Value, json};

/// Outputs, if the process has any.
pub type Shown<'a> = Option<Outputs<'a>>;

/// What there is to show.
pub struct Report<'a> {
    /// Who this process was.
    pub role: Role,
    /// The backend.
    pub backend: LiveBackend,
    /// The network, of which public parameters are shown.
    pub network: &'a Network,
    /// Images of the batch.
    pub images: u32,
    /// The client's outputs.
    pub shown: Shown<'a>,
    /// What travelled.
    pub finished: &'a Finished,
}

/// What travelled in one phase, or in all.
struct Moved {
    sent: Cost,
    received: Cost,
}

impl Report<'_> {
    /// Prints it, in words or as one JSON object.
    ///
    /// # Errors
    /// As [`print()`].
    pub fn print(&self, json: bool) -> Result<(), CliError> {
        match json {
            true => print_json(&self.object()),
            false => print(&self.text()),
        }
    }

    fn moved(&self, filter: impl Fn(&Entry) -> bool) -> Moved {
        let cost = |sent: bool| {
            self.finished.transcript.cost_where(|entry| filter(entry) && (entry.from == self.role) == sent)
        };
        Moved { sent: cost(true), received: cost(false) }
    }

    /// The phases in which something travelled, with their time.
    fn phases(&self) -> impl Iterator<Item = (Phase, Moved, f64)> {
        Phase::ALL.into_iter().filter_map(|phase| {
            let moved = self.moved(|entry| entry.phase == phase);
            let seconds = self.finished.seconds.get(&phase).map_or(0.0, std::time::Duration::as_secs_f64);
            (moved.sent.frames + moved.received.frames > 0).then_some((phase, moved, seconds))
        })
    }

    /// Bytes at all sockets: sent and received.
    fn socket(&self) -> (u64, u64) {
        self.finished.traffic.iter().fold((0, 0), |(sent, received), traffic| {
            (sent.saturating_add(traffic.sent), received.saturating_add(traffic.received))
        })
    }

    fn text(&self) -> String {
        let outputs = self.shown.map_or(String::new(), |outputs| format!("{}\n", outputs.text()));
        let rows = self.phases().map(|(phase, moved, seconds)| {
            let Moved { sent, received } = &moved;
            vec![
                phase.name().to_owned(),
                thousands(sent.bits()),
                thousands(received.bits()),
                thousands(sent.wire_bytes),
                thousands(received.wire_bytes),
                moved.rounds().to_string(),
                format!("{seconds:.2}"),
            ]
        });
        let headings = ["phase", "bits\nsent", "bits\nreceived", "bytes\nsent", "bytes\nreceived", "rounds", "time\ns"];
        let (sent, received) = self.socket();
        format!(
            "{} of {}: network {}, {}, ring width {} bits\n\n{outputs}{}\n\
             bytes at the sockets, handshake apart: {} sent, {} received\n",
            name(self.role),
            self.backend.name,
            printable(self.network.name()),
            count(u64::from(self.images), "image"),
            self.network.width(),
            table("<>>>>>>", &headings, rows.collect()),
            thousands(sent),
            thousands(received),
        )
    }

    fn object(&self) -> Value {
        let phases = self.phases().map(|(phase, moved, seconds)| {
            json!({
                "phase": phase.name(),
                "bits_sent": moved.sent.bits(),
                "bits_received": moved.received.bits(),
                "wire_bytes_sent": moved.sent.wire_bytes,
                "wire_bytes_received": moved.received.wire_bytes,
                "rounds": moved.rounds(),
                "seconds": seconds,
            })
        });
        let connections = self.finished.traffic.iter().map(|traffic| {
            json!({
                "peer": name(traffic.peer),
                "socket_bytes_sent": traffic.sent,
                "socket_bytes_received": traffic.received,
            })
        });
        let (all, (sent, received)) = (self.moved(|_| true), self.socket());
        json!({
            "role": name(self.role),
            "backend": self.backend.name,
            "network": self.network.name(),
            "width": self.network.width().bits(),
            "images": self.images,
            "results": self.shown.map(|outputs| outputs.json()),
            "phases": phases.collect::<Vec<Value>>(),
            "connections": connections.collect::<Vec<Value>>(),
            "socket_bytes_sent": sent,
            "socket_bytes_received": received,
            "wire_bytes_sent": all.sent.wire_bytes,
            "wire_bytes_received": all.received.wire_bytes,
        })
    }
}

impl Moved {
    /// The highest round that this process saw.
    fn rounds(&self) -> u32 {
        self.sent.rounds.max(self.received.rounds)
    }
}

/// What a role is called on the command line.
fn name(role: Role) -> &'static str {
    match role {
        Role::Trusted => "dealer",
        role => role.name(),
    }
}
