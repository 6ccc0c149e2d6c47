//! Uses the client that oas3-gen makes of the API document: it compiles, and what the types say is what the server sends.

use std::env::var;

use sedia_client::{
    ApiResponse, AvailabilityInput, BedsAnswerOrShortAnswerOrStringOrSerdeJsonValue as Answer, BedsRequest, ChangeView,
    ChangesRequest, ChangesRequestQuery, LeaveMarkRequest, LeaveMarkRequestPath, MarkInput, MarkInputNote, MarkView,
    Numbers, PutAvailabilityRequest, PutAvailabilityRequestPath, SediaClient, Verdict,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = SediaClient::with_base_url(var("SEDIA")?)?;
    let reporter = client.clone().with_key(var("KEY")?);
    let id = "kemenkes:3374013".to_owned();

    let mut ask = BedsRequest::default();
    (ask.query.region, ask.query.min) = (Some("33.74".to_owned()), Some(0));
    let ApiResponse::Ok(Answer::BedsAnswer(answer)) = client.beds(ask.clone()).await? else {
        anyhow::bail!("no answer");
    };
    let facility = answer.facilities.first().expect("there are three facilities");
    assert!(matches!(facility.availability[0].available, Some(3 | 4)), "{facility:?}");
    assert_eq!(facility.address, None, "an address that nobody stated");

    ask.query.region = Some("99".to_owned());
    let ApiResponse::NotFound(problem) = client.beds(ask).await? else { anyhow::bail!("no problem") };
    assert_eq!((&*problem.code, &*problem.errors[0].pointer), ("unknown_region", "region"));

    let numbers = Numbers { capacity: Some(10), available: Some(4), ..Numbers::default() };
    let values = Some([("bed.icu".to_owned(), numbers)].into_iter().collect());
    let report = PutAvailabilityRequest {
        path: PutAvailabilityRequestPath { id: id.clone() },
        body: AvailabilityInput { values, ..AvailabilityInput::default() },
        ..PutAvailabilityRequest::default()
    };
    let ApiResponse::Ok(receipt) = reporter.put_availability(report).await? else { anyhow::bail!("refused") };
    assert_eq!(receipt.accepted, ["bed.icu"]);

    let note = MarkInputNote {
        verdict: Verdict::Wrong,
        r#type: Some("bed.icu".to_owned()),
        by: Some("Siti".to_owned()),
        ..MarkInputNote::default()
    };
    let leave = LeaveMarkRequest {
        path: LeaveMarkRequestPath { id },
        body: MarkInput::Note(note),
        ..LeaveMarkRequest::default()
    };
    let ApiResponse::Created(MarkView::Note(mark)) = reporter.leave_mark(leave).await? else {
        anyhow::bail!("the note is not a note");
    };
    assert_eq!(mark.by, "Siti");

    let after = ChangesRequestQuery { after: Some(receipt.version - 1), ..ChangesRequestQuery::default() };
    let ApiResponse::Ok(log) = client.changes(ChangesRequest { query: after }).await? else {
        anyhow::bail!("no changes");
    };
    let numbers = |change: &ChangeView| match change {
        ChangeView::Report(report) => report.content.numbers.len(),
        _ => 0,
    };
    assert!(log.changes.iter().map(numbers).sum::<usize>() > 0, "the report is among the changes");
    println!("Rust: compiled, and used");
    Ok(())
}
