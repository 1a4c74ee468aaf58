//! Lines that are no answers, in words. [DS-ADAPT-6]

use crate::conform::session::read;

#[test]
fn a_line_that_is_no_answer_says_what_is_wrong_with_it() {
    let wrong = |line: &str| read(line.as_bytes(), 3).map(drop).map_err(|error| error.to_string());
    let no_answer = |what: &str, line: &str| Err(format!("a line that is no answer: {what}: {line}"));
    let cut = "it is not JSON (EOF while parsing an object at line 1 column 8)";
    assert_eq!(wrong("{\"id\": 3"), no_answer(cut, "{\"id\": 3"));
    assert_eq!(wrong("hello"), no_answer("it is not JSON (expected value at line 1 column 1)", "hello"));
    assert_eq!(wrong("{}"), no_answer("missing field `id` at line 1 column 2", "{}"));
    let none = "it has none of `output`, `error` and `unsupported`";
    assert_eq!(wrong("{\"id\": 3}"), no_answer(none, "{\"id\": 3}"));
    assert_eq!(wrong("{\"id\": 4, \"output\": {}}"), Err("an answer with the id 4 to the request 3".to_owned()));
    assert_eq!(wrong("{\"id\": 3, \"output\": {}}"), Ok(()));
}
