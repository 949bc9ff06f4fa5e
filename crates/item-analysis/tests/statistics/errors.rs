//! Every way in which a file cannot be used, with the sentence that says so.

use super::analysed;
use item_analysis::responses::{IdColumn, Missing};
use item_analysis::{Key, Reading, Responses, Source, Times};

/// Responses that cannot be used, and why; without a key.
fn check(responses: &str, expected: &str) {
    check_with(responses, None, &Reading::default(), expected);
}

fn check_with(responses: &str, key: Option<&str>, reading: &Reading, expected: &str) {
    let error = analysed(responses, key, reading).map(|_| ()).expect_err(responses);
    assert_eq!(error.to_string(), expected, "{responses}");
}

/// A key that cannot be used, and why.
fn check_key(key: &str, expected: &str) {
    check_with("id,q1,q2\nP1,A,B\nP2,B,B\n", Some(key), &Reading::default(), expected);
}

#[test]
fn tables() {
    check("", "read responses.csv: the file is empty");
    check("\n \n", "read responses.csv: the file is empty");
    check("a,b\n1,0\n1\n", "read responses.csv, line 3: the row has 1 cells, but there are 2 columns");
    check("a,b\n1,0\n\n1,0,1\n", "read responses.csv, line 4: the row has 3 cells, but there are only 2 columns");
    check("a,b\n\"1,0\n1,1\n", "read responses.csv, line 2: a quotation mark is opened and never closed");
    check("a,,b\n1,0,1\n", "read responses.csv, line 1, column 2: the column has no name; the first line names the columns");
    let twice = "column 1 has the same name, \"a\"; the first line names the columns, each differently";
    check("a,b,a\n1,0,1\n", &format!("read responses.csv, line 1, column 3: {twice}"));
    check(
        "id\nP1\nP2\n",
        "read responses.csv, line 2, column 1 (id): \"P1\" is no score (not a decimal number); a table of choices needs a key",
    );
}

#[test]
fn tables_that_are_no_text() {
    let read = Responses::read(Source { name: "r.csv", bytes: b"a,b\n1,0\n1,\xff\n" }, None, &Reading::default());
    assert_eq!(read.map(|_| ()).expect_err("not text").to_string(), "read r.csv, line 3: this is not UTF-8 text");
}

#[test]
fn cells() {
    let no_score = |line, text, why| {
        format!("read responses.csv, line {line}, column 3 (b): {text:?} is no score ({why}); a table of choices needs a key")
    };
    check("id,a,b\nP1,1,0\nP2,1,x\n", &no_score(3, "x", "not a decimal number"));
    check("id,a,b\n\"P\n1\",1,0\nP2,1,x\n", &no_score(4, "x", "not a decimal number"));
    check("id,a,b\r\nP1,1,0.0001\r\n", &no_score(2, "0.0001", "more than three decimal places"));
    check("id,a,b\nP1,1,10000000\n", &no_score(2, "10000000", "more than 1,000,000 marks"));
}

#[test]
fn people_and_columns() {
    check("a,b\n", "read responses.csv: statistics need at least 2 people, and 0 can be used");
    check("a,b\n1,0\n", "read responses.csv: statistics need at least 2 people, and 1 can be used");
    let listwise = Reading { missing: Missing::Listwise, ..Reading::default() };
    check_with("a,b\n1,0\n,0\n", None, &listwise, "read responses.csv: statistics need at least 2 people, and 1 can be used");
    let named = Reading { id: IdColumn::Named("nik".to_owned()), ..Reading::default() };
    check_with("a,b\n1,0\n", None, &named, "read responses.csv, line 1: there is no column \"nik\"");
    let only = Reading { id: IdColumn::Named("a".to_owned()), ..Reading::default() };
    check_with("a\n1\n", None, &only, "read responses.csv, line 1: no column is an item");
    let names: Vec<String> = (0..1001).map(|item| format!("q{item}")).collect();
    check(&names.join(","), "read responses.csv, line 1: more than 1000 items");
    let different: Vec<String> = (0..65_537).map(|mark| format!("{}.{:03}", mark / 1000, mark % 1000)).collect();
    let many = format!("a\n{}\n", different.join("\n"));
    check(&many, "read responses.csv, line 65537, column 1 (a): more than 65535 different answers in one column: this is no item");
}

#[test]
fn keys() {
    let form = "a key has the columns item and key; or item, choice and marks; or item and one column for each choice; or it is one row below the \
                names of the items";
    check_key("q1,q2\n", &format!("read key.csv, line 1: {form}"));
    check_key("q1,q2\nA,B\nB,A\n", &format!("read key.csv, line 1: {form}"));
    check_key("q1,q2\nA,\n", "read key.csv, line 2, column 2 (q2): the key of \"q2\" is empty");
    check_key("item,key\nq1,A\nq2,\n", "read key.csv, line 3, column 2 (key): the key of \"q2\" is empty");
    check_key("item,A,B\nq1,,\n", "read key.csv, line 2: the key of \"q1\" is empty");
    check_key("item,choice,marks\nq1,,1\n", "read key.csv, line 2, column 2 (choice): the key of \"q1\" is empty");
    check_key("item,key\nq1,A\nq1,B\n", "read key.csv, line 3, column 1 (item): q1 stands in line 2 already");
    let twice = "the choice \"A\" of \"q1\" stands in line 2 already";
    check_key("item,choice,marks\nq1,A,1\nq1,A,2\n", &format!("read key.csv, line 3, column 2 (choice): {twice}"));
    check_key("item,key\nq1,A\nq3,B\n", "read key.csv, line 3: the key has the item \"q3\", but the responses have no such column");
    check_key("item,A,B\nq1,1,x\n", "read key.csv, line 2, column 3 (B): \"x\" is no number that can be used here (not a decimal number)");
    check_key(
        "item,section,key\nq1,,A\n",
        "read key.csv, line 2, column 2 (section): \"q1\" has no section, though there is a column for it",
    );
    let other = "\"q1\" has section \"tiu\" here and another above";
    check_key("item,choice,marks,section\nq1,A,1,twk\nq1,B,0,tiu\n", &format!("read key.csv, line 3, column 4 (section): {other}"));
    let other = "\"q1\" has max \"4\" here and another above";
    check_key("item,choice,marks,max\nq1,A,1,5\nq1,B,0,4\n", &format!("read key.csv, line 3, column 4 (max): {other}"));
    let unknown = "the key gives no marks for the choice \"B\"";
    check_key("item,A\nq1,1\nq2,1\n", &format!("read responses.csv, line 2, column 3 (q2): {unknown}"));
    let responses = "id,q1\nP1,5\nP2,6\n";
    let above = "read responses.csv, line 3, column 2 (q1): \"6\" is more than 5, which the key calls the most";
    check_with(responses, Some("item,max\nq1,5\n"), &Reading::default(), above);
}

#[test]
fn times() {
    let read = |text: &str| {
        let error = Times::read(Source { name: "times.csv", bytes: text.as_bytes() }, &IdColumn::Guess, |name| name == "q1");
        error.map(|_| ()).expect_err(text).to_string()
    };
    assert_eq!(read("id,q1\nP1,-1\n"), "read times.csv, line 2, column 2 (q1): \"-1\" is less than nothing");
    assert_eq!(
        read("id,q1\nP1,1:30\n"),
        "read times.csv, line 2, column 2 (q1): \"1:30\" is no number that can be used here (not a decimal number)"
    );
    assert_eq!(read("id,q9\nP1,1\n"), "read times.csv, line 1: no column is an item");
}

#[test]
fn an_error_says_the_file_that_was_named() {
    let error = Key::read(Source { name: "kunci/tiu.csv", bytes: b"" }).expect_err("empty");
    assert_eq!(error.to_string(), "read kunci/tiu.csv: the file is empty");
}
