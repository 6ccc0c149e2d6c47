//! Regions, in commands of some thousand.

use std::io::Read;

use super::{OPERATOR, Outcome, explained, line, progress, refused_row};
use crate::{
    domain::region_code::RegionCode,
    import::regions,
    node::Node,
    store::{
        WriteError,
        commands::{PutMode, PutRegions, RegionPatch},
    },
};

/// How many regions go into one command.
const CHUNK: usize = 2_000;

type Rows = Vec<(u32, RegionCode, RegionPatch)>;

pub(super) async fn import(source: Box<dyn Read>, node: &Node) -> anyhow::Result<Outcome> {
    let read = regions::rows(source).map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    let count = read.len();
    let (mut rows, mut refused, mut changed) = (Rows::new(), 0, 0);
    for (number, row) in read {
        match row {
            Ok((code, patch)) => rows.push((number, code, patch)),
            Err(rejection) => {
                refused += 1;
                refused_row(number, &rejection);
            }
        }
    }
    // Parents come before what lies in them.
    rows.sort_by_key(|(_, code, _)| *code);
    let bar = progress("regions", rows.len());
    let mut waiting: Vec<Rows> = rows.chunks(CHUNK).rev().map(<[_]>::to_vec).collect();
    while let Some(mut rows) = waiting.pop() {
        let command = PutRegions {
            regions: rows.iter().map(|(_, code, patch)| (*code, patch.clone())).collect(),
            mode: PutMode::Merge,
        };
        match node.submit(OPERATOR, command).await {
            Ok(written) => {
                changed += written.receipt.body.changed;
                bar.inc(rows.len() as u64);
            }
            // A command is all or nothing: halve it until the row that is wrong stands alone.
            Err(WriteError::Refused(_)) if rows.len() > 1 => {
                let second = rows.split_off(rows.len() / 2);
                waiting.extend([second, rows]);
            }
            Err(WriteError::Refused(rejections)) => {
                refused += rows.len();
                bar.suspend(|| {
                    rejections.all().iter().for_each(|rejection| refused_row(rows[0].0, rejection));
                });
            }
            Err(error) => return Err(explained(error)),
        }
    }
    bar.finish_and_clear();
    let same = count - refused - changed;
    line(&format!(
        "{count} regions read: {changed} added or changed, {same} as they were, {refused} refused"
    ))?;
    Ok(if refused == 0 { Outcome::Done } else { Outcome::SomeRefused })
}
