//! Any text is a typed error, or a plan whose file reads back as the same plan.
#![no_main]

use deepshare_reference::plan::Plan;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(plan) = Plan::from_json(text) {
        assert_eq!(Plan::from_json(&plan.to_json()), Ok(plan));
    }
});
