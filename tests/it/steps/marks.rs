//! What people who phone leave, and the public says.

use sedia::{
    auth::{Operator, Principal},
    domain::mark::MarkId,
    store::commands::{EndMark, LeaveMark, MarkInput},
};
use serde_json::{Value, json};

use super::{
    PEOPLE, Step, TYPES,
    take::{facility, submit},
};
use crate::support::TestNode;

const VERDICTS: [&str; 5] = ["confirmed", "wrong", "phone_dead", "closed", "open"];

pub(super) async fn leave(node: &TestNode, step: Step) {
    let (index, person, mark) = match step {
        Step::Claim { facility, person, minutes } => {
            (facility, person, json!({"kind": "claim", "minutes": minutes}))
        }
        Step::Hold { facility, resource, person, minutes } => {
            (facility, person, json!({"kind": "hold", "type": TYPES[resource], "minutes": minutes}))
        }
        Step::Note { facility, resource, person, verdict, heard } => {
            let mut note = json!({"kind": "note", "verdict": VERDICTS[verdict], "text": "kata mereka"});
            if verdict < 2 {
                note["type"] = TYPES[resource].into();
                note["numbers"] = json!({"available": heard});
            } else if verdict == 2 && heard.is_some() {
                note["phone"] = "024-8413476".into();
            }
            (facility, person, note)
        }
        Step::EndMark { nth } => {
            if let Some(id) = some_mark(node, nth).await {
                submit(node, EndMark { id }).await;
            }
            return;
        }
        other => unreachable!("{other:?}"),
    };
    let mut mark: Value = mark;
    mark["by"] = PEOPLE[person].into();
    let mark = MarkInput::from_json(mark).unwrap();
    let principal =
        if PEOPLE[person] == "warga" { Principal::Public } else { Principal::Operator(Operator::Cli) };
    let command = LeaveMark { facility: facility(index), mark, confirmed: false };
    // Refused or not, as with every step.
    let _ = node.node.submit(principal, command).await;
}

async fn some_mark(node: &TestNode, nth: usize) -> Option<MarkId> {
    let state = node.state().await;
    let ids: Vec<MarkId> = state.marks().map(|mark| mark.id).collect();
    ids.get(nth % ids.len().max(1)).copied()
}
