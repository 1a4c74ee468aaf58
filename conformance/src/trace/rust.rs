//! Test functions in Rust files that rustfmt has formatted.

/// Whether a file holds nothing but tests.
pub fn is_tests(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// A file without its module of unit tests, which stands last.
pub fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod ").map_or(text, |(code, _)| code)
}

/// The test functions of a file: `::name`, and the words of the comment above and of the body. If the whole file is tests, its
/// head, the lines `//!`, is one entry with an empty name.
pub fn tests(text: &str, whole_file: bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (mut above, mut lines) = (Vec::new(), text.lines());
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if let Some(name) = code.strip_prefix("fn ").filter(|_| above.contains(&"#[test]")) {
            let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let indent = line.len() - code.len();
            let mut words = above.join("\n");
            for line in lines.by_ref().take_while(|line| line.trim_start() != "}" || line.len() != indent + 1) {
                words.push('\n');
                words.push_str(line);
            }
            found.push((format!("::{name}"), words));
        }
        match code.starts_with("///") || code.starts_with("#[") {
            true => above.push(code),
            false => above.clear(),
        }
    }
    if whole_file && !found.is_empty() {
        let head: Vec<&str> = text.lines().filter(|line| line.starts_with("//!")).collect();
        found.push((String::new(), head.join("\n")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
//! Head.

/// Comment.
#[test]
fn one() {
    if true {
        body();
    }
}

/// No test.
fn helper() {
    other();
}

mod inner {
    #[test]
    fn two(x in 0..3) {
        inside();
    }
}
";

    #[test]
    fn a_test_has_its_comment_and_its_body_and_nothing_else() {
        let found = tests(FILE, true);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["::one", "::two", ""]);
        assert!(found[0].1.contains("Comment.") && found[0].1.contains("body()"), "{found:?}");
        assert!(found[1].1.contains("inside()"), "{found:?}");
        assert_eq!(found[2].1, "//! Head.");
        assert!(found.iter().all(|(_, words)| !words.contains("No test") && !words.contains("other()")), "{found:?}");
    }

    #[test]
    fn files_of_tests_are_known_by_their_path() {
        for path in ["reference/tests/plan/main.rs", "conformance/src/vectors/tests.rs", "conformance/src/a/tests/b.rs"]
        {
            assert!(is_tests(path), "{path}");
        }
        assert!(!is_tests("conformance/src/vectors/mod.rs"));
    }

    #[test]
    fn code_ends_where_tests_begin() {
        assert_eq!(without_tests("code\n#[cfg(test)]\nmod tests {\n}\n"), "code\n");
        assert_eq!(without_tests("code\n"), "code\n");
        assert!(tests("fn helper() {\n}\n", true).is_empty());
    }
}
