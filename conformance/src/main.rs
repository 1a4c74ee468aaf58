//! The `deepshare` command. See the library for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    deepshare_conformance::main()
}
