//! Any text is a typed error, or a network whose file reads back as the same network.
#![no_main]

use deepshare_reference::network::Network;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(network) = Network::from_json(text) {
        assert_eq!(Network::from_json(&network.to_json()), Ok(network));
    }
});
