//! Outputs of images, as words and as JSON.

use crate::output::json_integer;
use crate::worlds::prediction;
use serde_json::{Value, json};
use std::fmt::Write;

/// Outputs of one image that are shown in words; the rest is in the JSON.
const SHOWN: usize = 10;

/// The outputs of a list of images.
#[derive(Clone, Copy)]
pub struct Outputs<'a> {
    /// The integers, image by image.
    pub images: &'a [Vec<i64>],
    /// Their scale in fraction bits.
    pub scale: u32,
    /// The images' labels, if there are any.
    pub labels: Option<&'a [usize]>,
}

impl Outputs<'_> {
    fn label(&self, image: usize) -> Option<usize> {
        self.labels?.get(image).copied()
    }

    /// Three lines an image: the prediction, integers, decimals.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (image, outputs) in self.images.iter().enumerate() {
            let predicted = prediction(outputs).unwrap_or_default();
            let label = self.label(image).map_or(String::new(), |label| format!(", label {label}"));
            let more = outputs.len().saturating_sub(SHOWN);
            let more = if more == 0 { String::new() } else { format!(" and {more} more (see --json)") };
            let list = |shown: Vec<String>| format!("{}{more}", shown.join(" "));
            let integers = list(outputs.iter().take(SHOWN).map(i64::to_string).collect());
            let decimals = outputs.iter().take(SHOWN).map(|&x| format!("{:.4}", decimal(x, self.scale)));
            let decimals = list(decimals.collect());
            // writing to a string cannot fail
            let _ = writeln!(
                text,
                "image {image}: predicted {predicted}{label}\n  integers {integers}\n  decimals {decimals}"
            );
        }
        text
    }

    /// One object an image.
    pub fn json(&self) -> Vec<Value> {
        let results = self.images.iter().enumerate().map(|(image, outputs)| {
            json!({
                "output": outputs.iter().copied().map(json_integer).collect::<Vec<Value>>(),
                "decimal": outputs.iter().map(|&x| decimal(x, self.scale)).collect::<Vec<f64>>(),
                "prediction": prediction(outputs),
                "label": self.label(image),
            })
        });
        results.collect()
    }
}

/// x / 2^scale; for reading, not for further computation.
fn decimal(x: i64, scale: u32) -> f64 {
    x as f64 * 0.5_f64.powf(f64::from(scale))
}
