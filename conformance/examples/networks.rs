//! Writes the built-in networks from their builders: `cargo run --example networks`.

use deepshare_conformance::zoo::NETWORKS;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    for entry in &NETWORKS {
        let text = (entry.build)(entry.name)?.to_json();
        std::fs::write(folder.join(format!("{}.json", entry.name)), text)?;
    }
    Ok(())
}
