//! Where clauses stand in the book, found in the text of its chapters.

macro_rules! chapters {
    ($($name:literal),* $(,)?) => {
        /// The chapters with clauses, each with its text.
        const CHAPTERS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/src/", $name, ".md")))),*
        ];
    };
}

chapters![
    "activation",
    "adapters",
    "costs",
    "drelu",
    "exhaustive",
    "faults",
    "formats",
    "fss",
    "fss-dcf",
    "fss-gate",
    "fss-truncation",
    "garbled",
    "garbled-circuit",
    "garbled-gate",
    "gmw",
    "gmw-bits",
    "gmw-carry",
    "gmw-gate",
    "gmw-linear",
    "gmw-truncation",
    "hostile",
    "ideal",
    "linear",
    "live",
    "network",
    "ot",
    "ot-base",
    "ot-comparison",
    "ot-extension",
    "ot-gate",
    "ot-linear",
    "ot-truncation",
    "parties",
    "plans",
    "proofs",
    "proofs-words",
    "cases",
    "simulators",
    "training",
    "truncation",
    "values",
    "vectors",
    "wire",
];

/// [`url`]'s base where the book is not found: its sources in the project's repository.
pub const SPEC_URL: &str = "spec/src/{chapter}.md";

/// The chapter that defines a clause: the one where its name stands in bold, first at the start of a paragraph, else in a table.
pub fn chapter(clause: &str) -> Option<&'static str> {
    let bold = format!("**[{clause}]**");
    let defines = |in_table: bool| {
        let here =
            |line: &str| if in_table { line.starts_with('|') && line.contains(&bold) } else { line.starts_with(&bold) };
        CHAPTERS.iter().find(|(_, text)| text.lines().any(here)).map(|(name, _)| *name)
    };
    defines(false).or_else(|| defines(true))
}

/// The address of a clause: `{chapter}` of the base replaced, with a fragment that leads browsers to its name.
pub fn url(base: &str, clause: &str) -> Option<String> {
    let page = base.replace("{chapter}", chapter(clause)?);
    // a hyphen has a meaning in text fragments
    Some(format!("{page}#:~:text=%5B{}%5D", clause.replace('-', "%2D")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn clauses_are_found_where_they_are_defined() {
        assert_eq!(chapter("DS-ADAPT-4"), Some("adapters"));
        assert_eq!(chapter("DS-TRUNC-1"), Some("truncation"));
        assert_eq!(chapter("DS-TRUNC-2"), Some("gmw-truncation"));
        assert_eq!(chapter("DS-PLAN-24"), Some("plans"));
        assert_eq!(chapter(concat!("DS-", "ADAPT-400")), None);
        assert_eq!(url(SPEC_URL, "DS-VAL-1").unwrap(), "spec/src/values.md#:~:text=%5BDS%2DVAL%2D1%5D");
    }

    #[test]
    fn every_chapter_with_clauses_is_listed() {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/src")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let has = path.extension().is_some_and(|e| e == "md") && text.contains("**[DS-");
            assert_eq!(has, CHAPTERS.iter().any(|(listed, _)| *listed == name), "{name}");
        }
    }
}
