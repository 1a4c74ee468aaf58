//! Clauses in the text of the book.

use std::collections::{BTreeMap, BTreeSet};

/// A clause and where it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The name.
    pub name: String,
    /// The chapter, without its ending.
    pub chapter: String,
}

/// The names `DS-AREA-n` in a text.
pub fn names(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        let area: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let number = rest.strip_prefix(area.as_str())?.strip_prefix('-')?;
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        (!area.is_empty() && !number.is_empty()).then(|| format!("DS-{area}-{number}"))
    };
    text.split("DS-").skip(1).filter_map(name).collect()
}

/// The clause that a line defines: bold and in brackets at its start, or, in a table, anywhere.
fn definition(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("**[")?;
    let (name, _) = rest.split_once("]**")?;
    (name.starts_with("DS-") && (before.is_empty() || line.starts_with('|'))).then_some(name)
}

/// All clauses of the book, chapter by chapter; where a paragraph and a table have a name, the paragraph defines it.
pub fn defined(book: &BTreeMap<String, String>) -> Vec<Clause> {
    let mut found: Vec<(Clause, bool)> = Vec::new();
    for (path, text) in book {
        for line in text.lines() {
            let Some(name) = definition(line) else { continue };
            let clause = Clause { name: name.to_owned(), chapter: chapter(path) };
            found.push((clause, line.starts_with('|')));
        }
    }
    let paragraphs: BTreeSet<String> =
        found.iter().filter(|(_, table)| !table).map(|(clause, _)| clause.name.clone()).collect();
    let defines = |(clause, table): &(Clause, bool)| !table || !paragraphs.contains(&clause.name);
    found.into_iter().filter(defines).map(|(clause, _)| clause).collect()
}

/// The chapter of a file, as its name stands in links.
fn chapter(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name).to_owned()
}

/// The clauses that code blocks of the book test, with the block's chapter: the clause that stands last above the block in
/// its section, and those that the block's text names. Blocks that are not run are no tests.
pub fn blocks(book: &BTreeMap<String, String>) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, text) in book {
        let (mut above, mut fence): (Option<&str>, Option<bool>) = (None, None);
        for line in text.lines() {
            match (fence, line.trim_start().strip_prefix("```")) {
                (None, Some(tag)) => {
                    fence = Some(tag == "rust");
                    found.extend(above.filter(|_| tag == "rust").map(|clause| (clause.to_owned(), chapter(path))));
                }
                (Some(_), Some(_)) => fence = None,
                (Some(true), None) => found.extend(names(line).into_iter().map(|clause| (clause, chapter(path)))),
                (Some(false), None) => {}
                (None, None) if line.starts_with('#') => above = None,
                (None, None) => above = definition(line).or(above),
            }
        }
    }
    found
}

/// The clauses that have errors: those of rows, in any table of the book, whose first cell is the code of an error.
pub fn with_errors(book: &BTreeMap<String, String>) -> BTreeSet<String> {
    let row = |line: &str| {
        let (code, rest) = line.strip_prefix("| `")?.split_once('`')?;
        (code.matches('/').count() == 1).then(|| names(rest))
    };
    book.values().flat_map(|text| text.lines()).filter_map(row).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("spec/src/values.md".to_owned(), text.to_owned())])
    }

    fn clause(number: u32) -> String {
        format!("DS-{}-{number}", "TEST")
    }

    #[test]
    fn paragraphs_and_tables_define_and_mentions_do_not() {
        let text = format!("**[{}]** x\n\nsee [{}]\n| a | **[{}]** |\n", clause(1), clause(2), clause(3));
        let found: Vec<String> = defined(&book(&text)).into_iter().map(|clause| clause.name).collect();
        assert_eq!(found, [clause(1), clause(3)]);
        assert!(defined(&book(&text)).iter().all(|clause| clause.chapter == "values"));
    }

    #[test]
    fn a_block_that_runs_belongs_to_the_clause_above_it_in_its_section() {
        let (one, two) = (clause(1), clause(2));
        let found = |text: &str| blocks(&book(text)).into_iter().map(|(clause, _)| clause).collect::<Vec<_>>();
        assert_eq!(found(&format!("**[{one}]** x\n\n```rust\nlet x = 1;\n```\n")), [one.as_str()]);
        assert_eq!(found(&format!("**[{one}]** x\n\n```rust\n// {two}\n```\n")), [one.as_str(), two.as_str()]);
        for other in
            ["```text\n{two}\n```\n", "```rust,ignore\nlet x = 1;\n```\n", "# Next\n```rust\nlet x = 1;\n```\n"]
        {
            assert!(found(&format!("**[{one}]** x\n\n{other}")).is_empty(), "{other}");
        }
    }

    #[test]
    fn rows_with_codes_name_clauses_with_errors() {
        let rows = format!("| `a/b` | x | [{}] |\n| `name` | [{}] |\n", clause(1), clause(2));
        let text = format!("{rows}| `lemma/of/three` | [{}] |\n[{}]\n", clause(3), clause(4));
        assert_eq!(with_errors(&book(&text)), BTreeSet::from([clause(1)]));
    }
}
