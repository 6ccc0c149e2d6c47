//! `sedia backup` and `sedia restore`: a copy of the whole directory on SQLite, and the way back.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::ErrorKind,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use sea_orm::DbErr;

use super::{
    Outcome, connect,
    output::line,
    settings::{Settings, sqlite_path},
};
use crate::{
    clock::{Clock, SystemClock},
    snapshot::Snapshot,
    store::{self, Database, sqlite::WAY_BACK},
};

const REVOKE_AGAIN: &str = "keys and links that were revoked since then are valid again: revoke them again";

/// How the names of SQLite's files end: the database, and what stands beside it while it is open.
const FILES: [&str; 3] = ["", "-wal", "-shm"];

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// A file that `sedia backup` wrote; none on PostgreSQL, once its own tools have put it back
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Backup {
    /// Copies the database while servers may go on. The copy has its name only once it was found whole.
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let Self { file } = self;
        let url = settings.database_url();
        if sqlite_path(&url).is_none() {
            bail!(
                "PostgreSQL has its own tools; run: pg_dump --format=custom --file={} with the database's URL, and \
                 try it with: pg_restore --list {}",
                file.display(),
                file.display()
            );
        }
        if file.exists() {
            bail!("{} is there already; name a file that is not", file.display());
        }
        let part = beside(&file, ".part");
        remove(&part)?; // of a backup that was cut off
        let database = connect(settings).await?;
        let copied =
            database.copy_to(&part).await.with_context(|| format!("cannot write {}", part.display()));
        database.close().await?;
        copied?;
        let looked = look_into(&part, settings).await;
        if looked.is_err() {
            FILES.iter().try_for_each(|ending| remove(&beside(&part, ending)))?;
        }
        let state = looked.with_context(|| format!("the copy {} is not sound", file.display()))?;
        put_in_place(&part, &file)?;
        let megabytes = fs::metadata(&file)?.len().div_ceil(1 << 20);
        line(&format!("{} holds {}, {megabytes} MB", file.display(), said(&state)))?;
        Ok(Outcome::Done)
    }
}

impl Restore {
    /// Puts a backup in the place of the database, which is kept beside it. On PostgreSQL it says that this was done.
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let (target, file) = match (sqlite_path(&settings.database_url()), self.file) {
            (Some(target), Some(file)) => (target, file),
            (Some(_), None) => bail!("name the file that 'sedia backup' wrote"),
            (None, None) => return put_back(settings).await,
            (None, Some(_)) => bail!(
                "PostgreSQL has its own tools: stop the nodes, run pg_restore --clean, or what the database is backed \
                 up with, then 'sedia restore' without a file, and start the nodes again"
            ),
        };
        // The backup itself is only read.
        let part = beside(&target, ".part");
        fs::copy(&file, &part)
            .with_context(|| format!("cannot copy {} to {}", file.display(), part.display()))?;
        let restored = match look_into(&part, settings).await {
            Ok(state) => self::restore(&part, &target, &state, settings).await,
            Err(error) => Err(error.context(format!("{} is no sound backup", file.display()))),
        };
        if restored.is_err() {
            FILES.iter().try_for_each(|ending| remove(&beside(&part, ending)))?;
        }
        for said in restored? {
            line(&said)?;
        }
        Ok(Outcome::Done)
    }
}

/// Begins another epoch of the log of a PostgreSQL that was put back to an earlier state: no node may have noticed.
async fn put_back(settings: &Settings) -> anyhow::Result<Outcome> {
    let database = connect(settings).await?;
    let begun = async {
        database.check_schema().await?;
        let now = SystemClock.now();
        let state = store::load(&database, now).await?;
        // The database may have forgotten epochs that it had before. Seconds were never as many then.
        let epoch = database.begin_epoch(now.timestamp().unsigned_abs()).await?;
        Ok::<_, DbErr>((state, epoch))
    };
    let begun = begun.await;
    database.close().await?;
    let (state, epoch) = begun?;
    line(&format!("the database holds {}; it is epoch {epoch} of the log from now on", said(&state)))?;
    line(REVOKE_AGAIN)?;
    Ok(Outcome::Done)
}

/// Puts `part` in the place of `target`, and says what became of both.
async fn restore(
    part: &Path,
    target: &Path,
    state: &Snapshot,
    settings: &Settings,
) -> anyhow::Result<Vec<String>> {
    let copy = open(part, settings).await?;
    let mut known = 0;
    let mut told = Vec::new();
    if target.exists() {
        match Database::connect_alone(&settings.database_url(), settings.durability).await {
            Ok(old) => {
                // A damaged one may have none that can be read.
                known = old.epoch().await.unwrap_or_default();
                let left = old.leave_alone().await;
                old.close().await?;
                left.context("the database is in use: stop the server first")?;
            }
            Err(error) => told.push(format!("the old database cannot be opened ({error})")),
        }
    }
    // All that may fail comes before the old one leaves its place.
    let raised = copy.begin_epoch(known + 1).await;
    copy.close().await?;
    let epoch = raised?;
    belong_to(part, target)?;
    if target.exists() {
        let kept =
            free_name(&beside(target, &SystemClock.now().format(".before-%Y%m%dT%H%M%SZ").to_string()));
        for ending in FILES {
            keep(&beside(target, ending), &beside(&kept, ending))?;
        }
        told.push(format!("the old database is kept as {}", kept.display()));
    }
    put_in_place(part, target)?;
    told.push(format!("{} holds {}; it is epoch {epoch} of the log", target.display(), said(state)));
    told.push(REVOKE_AGAIN.to_owned());
    Ok(told)
}

/// The directory in a file, if every page of it is whole and this version of the program can read it.
async fn look_into(file: &Path, settings: &Settings) -> anyhow::Result<Snapshot> {
    let copy = open(file, settings).await?;
    let state = state_of(&copy).await;
    copy.close().await?;
    state
}

async fn state_of(copy: &Database) -> anyhow::Result<Snapshot> {
    if let Some(damage) = copy.damage(true).await?.first() {
        bail!("{damage}. {WAY_BACK}");
    }
    copy.check_schema().await?;
    Ok(store::load(copy, SystemClock.now()).await?)
}

async fn open(file: &Path, settings: &Settings) -> anyhow::Result<Database> {
    Ok(Database::connect(&format!("sqlite://{}", file.display()), settings.durability).await?)
}

fn said(state: &Snapshot) -> String {
    let facilities = state.facilities().count();
    format!("{facilities} facilities as of change {} at {}", state.seq(), state.last_change_at())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

/// The name, or the first one after it that no file has.
fn free_name(file: &Path) -> PathBuf {
    let next = (2..).map(|number| beside(file, &format!("-{number}")));
    let mut names = std::iter::once(file.to_owned()).chain(next);
    names.find(|name| !name.exists()).expect("numbers do not end")
}

/// Gives `part` the owner and the mode of the file that it takes the place of, or else the owner of the folder: who restores is
/// often root, and the server is not.
fn belong_to(part: &Path, target: &Path) -> anyhow::Result<()> {
    let owner = match fs::metadata(target) {
        Ok(before) => {
            fs::set_permissions(part, before.permissions())?;
            before
        }
        Err(_) => fs::metadata(folder_of(target))?,
    };
    let own = fs::metadata(part)?;
    if rustix::process::geteuid().is_root() && (own.uid(), own.gid()) != (owner.uid(), owner.gid()) {
        chown(part, Some(owner.uid()), Some(owner.gid())).with_context(|| {
            format!("cannot give {} to the owner of {}", part.display(), target.display())
        })?;
    }
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

fn keep(file: &Path, kept: &Path) -> anyhow::Result<()> {
    match fs::rename(file, kept) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot keep {} as {}", file.display(), kept.display()))
        }
        _ => Ok(()),
    }
}

/// Gives the file its name once it is on the disk, and the name, too.
fn put_in_place(part: &Path, file: &Path) -> anyhow::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, file).with_context(|| format!("cannot write {}", file.display()))?;
    File::open(folder_of(file))?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_database_that_was_kept_before_stays() {
        let folder = TempDir::new().unwrap();
        let names = ["kept", "kept-2", "kept-3"].map(|name| folder.path().join(name));
        for name in &names {
            assert_eq!(free_name(&names[0]), *name);
            fs::write(name, "").unwrap();
        }
    }
}
