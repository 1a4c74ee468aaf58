//! The report as one HTML file: no scripts, nothing from elsewhere, filters in CSS alone.

use super::book;
use super::details::lines;
use super::earned::{Standing, counts, levels, skips};
use super::run::{CaseResult, Counts, Report, TopicResult};
use super::text::release;
use super::verdict::Verdict;
use crate::output::{count, thousands};
use crate::printable::printable;
use crate::vectors::head::Generator;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("report.css");

/// The page; clauses are linked under `base`, in which `{chapter}` stands for a chapter of the book.
pub fn page(report: &Report, base: &str) -> String {
    let name = printable(&format!("{} {}", report.claims.name, report.claims.version));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "DeepShare conformance: " (name) }
                style { (PreEscaped(STYLE)) (PreEscaped(rules(report))) }
            }
            body {
                header {
                    h1 { "DeepShare conformance" }
                    p.name { (name) }
                    p { "adapter " code { (printable(&report.command)) } }
                    p { "vectors " code { (release(report)) } }
                    (totals(report.counts()))
                }
                (filters(report))
                main {
                    (summary(report))
                    @for topic in &report.topics { (section(topic, base)) }
                }
                footer { (written_by(report)) }
            }
        }
    };
    page.into_string()
}

/// What a filter shows; the names of topics are small letters, digits and hyphens. [DS-VEC-9]
fn rules(report: &Report) -> String {
    let topics = report.topics.iter().map(|topic| {
        let name = &topic.file.topic;
        format!(
            "#t-{name}:checked~main>.topic:not(#{name}){{display:none}}\
             #t-{name}:checked~nav label[for=t-{name}]{{background:var(--chosen)}}\n"
        )
    });
    let verdicts = ["passed", "failed", "skipped"].map(|name| {
        format!(
            "#v-{name}:checked~main .case:not(.{name}),#v-{name}:checked~main .topic:not(:has(.case.{name})){{display:none}}\
             #v-{name}:checked~nav label[for=v-{name}]{{background:var(--chosen)}}\n"
        )
    });
    topics.chain(verdicts).collect()
}

fn totals(counts: Counts) -> Markup {
    let numbers = [("passed", counts.passed), ("failed", counts.failed), ("skipped", counts.skipped)];
    html! {
        ul.totals {
            @for (name, number) in numbers {
                li class=(name) { strong { (thousands(number)) } " " (name) }
            }
        }
    }
}

/// Radio buttons, which the rules of the style sheet look at, and their labels.
fn filters(report: &Report) -> Markup {
    let topics = || report.topics.iter().map(|topic| topic.file.topic.as_str());
    let verdicts = ["passed", "failed", "skipped"];
    html! {
        input type="radio" name="topic" id="t-all" checked;
        @for topic in topics() { input type="radio" name="topic" id={ "t-" (topic) } aria-label={ "only the topic " (topic) }; }
        input type="radio" name="verdict" id="v-all" checked;
        @for verdict in verdicts { input type="radio" name="verdict" id={ "v-" (verdict) } aria-label={ "only cases that " (verdict) }; }
        nav {
            p { "Cases: " label for="v-all" { "all" } @for verdict in verdicts { " " label for={ "v-" (verdict) } { (verdict) } } }
            details open {
                summary { "Topics" }
                p { label for="t-all" { "all" } @for topic in topics() { " " label for={ "t-" (topic) } { (topic) } } }
            }
        }
    }
}

fn summary(report: &Report) -> Markup {
    let levels = levels(report);
    let skips = skips(report.results().map(|result| &result.verdict));
    html! {
        section.summary {
            h2 { "What is earned" }
            @if !report.whole { p { "Levels are not judged: only some topics were run." } }
            @if !levels.is_empty() {
                p { "Levels:" @for (name, standing) in &levels { " " (badge(*standing)) " " (name) } }
            }
            @for remark in &report.remarks { p.remark { (remark) } }
            (first_failures(report))
            div.wide {
                table {
                    thead { tr { th { "topic" } th { "standing" } th { "passed" } th { "failed" } th { "skipped" } } }
                    tbody { @for topic in &report.topics { (row(topic)) } }
                }
            }
            @if !skips.is_empty() {
                h2 { "Why cases were skipped" }
                ul { @for (reason, cases) in skips { li { (count(cases, "case")) ": " (reason) } } }
            }
        }
    }
}

/// The first failure of each topic, with a link to its case.
fn first_failures(report: &Report) -> Markup {
    let firsts: Vec<_> = report.topics.iter().filter_map(|topic| topic.failures().next()).collect();
    html! {
        @if !firsts.is_empty() {
            p { "The first failure of each topic:" }
            ul.firsts {
                @for (case, failure) in firsts { li { a href={ "#" (case.id) } { (case.id) } ", " (failure.place) } }
            }
        }
    }
}

fn row(topic: &TopicResult) -> Markup {
    let counts = counts(topic);
    html! {
        tr {
            td { a href={ "#" (topic.file.topic) } { (topic.file.topic) } }
            td { (badge(Standing::of(counts))) }
            @for number in [counts.passed, counts.failed, counts.skipped] { td.number { (thousands(number)) } }
        }
    }
}

fn badge(standing: Standing) -> Markup {
    html! { span.badge.(standing.name()) { (standing.name()) } }
}

fn section(topic: &TopicResult, base: &str) -> Markup {
    let counts = counts(topic);
    html! {
        section.topic id=(topic.file.topic) {
            h2 { (topic.file.topic) " " (badge(Standing::of(counts))) }
            p { (printable(&topic.file.about)) }
            (totals(counts))
            @for result in &topic.cases { (case(topic, result, base)) }
        }
    }
}

/// A case; it is open if it failed.
fn case(topic: &TopicResult, result: &CaseResult, base: &str) -> Markup {
    let (word, failed) = match &result.verdict {
        Verdict::Passed => ("passed", false),
        Verdict::Failed(_) => ("failed", true),
        Verdict::Skipped(_) => ("skipped", false),
    };
    let case = result.case;
    let name = case.id.split_once('/').map_or(case.id.as_str(), |(_, name)| name);
    html! {
        details.case.(word) id=(case.id) open[failed] {
            summary { span.badge.(word) { (word) } " " span.id { (name) } }
            p { (printable(&case.comment)) }
            @if let Verdict::Skipped(reason) = &result.verdict { p.reason { (reason) } }
            @if let Verdict::Failed(failure) = &result.verdict {
                dl {
                    @for (title, line) in lines(topic, case, failure).into_iter().filter(|(title, _)| *title != "case" && *title != "see also") {
                        dt { (title) }
                        dd class=[matches!(title, "expected" | "found").then_some("value")] {
                            @if title == "clause" { (clause(base, &failure.clause)) } @else { (line) }
                        }
                    }
                }
            }
            p.clauses { (case.level.name()) ", " code { (case.operation) } ", clauses" @for name in &case.clauses { " " (clause(base, name)) } }
        }
    }
}

/// A clause, linked to the book.
fn clause(base: &str, name: &str) -> Markup {
    match book::url(base, name) {
        Some(url) => html! { a href=(url) { (name) } },
        None => html! { (name) },
    }
}

fn written_by(report: &Report) -> String {
    let Generator { name, version } = Generator::this();
    let formats: std::collections::BTreeSet<&str> =
        report.topics.iter().map(|topic| topic.file.format.as_str()).collect();
    let formats: Vec<&str> = formats.into_iter().collect();
    format!("Written by {name} {version} from vectors of {}.", formats.join(", "))
}
