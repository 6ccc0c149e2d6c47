//! Wishes in words.

use super::{question::AvailabilityQuestion, view::View};
use crate::directory::{freshness::Freshness, language::Language};

/// What was wished for, as an agent would say it.
pub(super) fn in_words(view: View<'_>, question: &AvailabilityQuestion) -> Vec<String> {
    let wish = &question.wish;
    let say = |id: &str, en: &str| match view.language {
        Language::Id => id.to_owned(),
        Language::En => en.to_owned(),
    };
    let labels = wish.types.iter().filter_map(|code| view.state.resource_type(code.as_str()));
    let labels = labels.map(|resource| resource.label.get(view.language).to_owned());
    let attributes = [
        wish.ventilator.map(|with| {
            if with {
                say("dengan ventilator", "with ventilator")
            } else {
                say("tanpa ventilator", "without ventilator")
            }
        }),
        wish.negative_pressure.map(|with| {
            if with {
                say("bertekanan negatif", "with negative pressure")
            } else {
                say("tanpa tekanan negatif", "without negative pressure")
            }
        }),
        wish.age_group.as_ref().map(|group| match group.as_str() {
            "adult" => say("untuk dewasa", "for adults"),
            "child" => say("untuk anak", "for children"),
            "neonate" => say("untuk bayi baru lahir", "for newborns"),
            "any" => say("untuk semua umur", "for any age"),
            other => say(&format!("untuk {other}"), &format!("for {other}")),
        }),
        wish.reserved_for.as_ref().map(|group| match group.as_str() {
            "none" => say("tidak khusus", "not reserved"),
            "covid" => say("khusus COVID-19", "for COVID-19"),
            other => say(&format!("khusus {other}"), &format!("for {other}")),
        }),
        question.q.as_ref().map(|q| say(&format!("bernama \"{q}\""), &format!("named \"{q}\""))),
        match question.freshness {
            Freshness::Fresh => Some(say("hanya angka baru", "fresh numbers only")),
            Freshness::Aging => Some(say("tanpa angka lama", "no old numbers")),
            Freshness::Stale => Some(say("hanya yang ada angkanya", "known numbers only")),
            Freshness::Unknown => None,
        },
    ];
    labels.chain(attributes.into_iter().flatten()).collect()
}
