//! Text that comes from users, files and programs, as it may be shown.

use std::fmt;

/// A name that comes from the user, shown with its control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(pub String);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0))
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Name {
        Name(name.to_owned())
    }
}

/// A text from a file or a program as it may go to a terminal or into a report: control characters, line ends too, and
/// those that show nothing or turn the text around are escaped.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() || is_deceptive(character) {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    shown
}

/// Characters that show nothing, end a line or change the direction of the text (Unicode's Cf, Zl and Zp), and those that
/// are none.
fn is_deceptive(character: char) -> bool {
    let code = u32::from(character);
    let none = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    let format = matches!(character, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}');
    none || format
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_deceives_is_escaped_and_what_is_text_is_not() {
        assert_eq!(printable("a\u{1b}]0;x\u{7}\n"), "a\\u{1b}]0;x\\u{7}\\n");
        assert_eq!(
            printable("\u{202e}\u{2066}\u{200b}\u{2028}\u{fffe}\u{1ffff}"),
            "\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\u{fffe}\\u{1ffff}"
        );
        assert_eq!(printable("straße, 漢字, ∑, 👍"), "straße, 漢字, ∑, 👍");
    }
}
