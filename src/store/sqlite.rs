//! What only SQLite has: a file that may go away, and errors that say what is wrong with it.

use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement,
    sqlx::{error::DatabaseError, sqlite::SqliteError},
};

/// The way back from a damaged file.
pub const WAY_BACK: &str = "Nothing was changed. Put a backup in its place, or save what can be read: \
    'sqlite3 FILE .recover | sqlite3 NEW_FILE'; 'sedia check' then says whether the new file is whole";

/// What to do about a file or a folder that this process may not write.
const MAKE_WRITABLE: &str = "Let the user that runs this write the file, those beside it (-wal, -shm) and their folder, on a \
    file system that is not mounted read-only";
/// What to do about a lock.
const UNLOCK: &str = "Another program holds the file locked: wait for it, or end it ('fuser FILE' names it)";
/// What to do about a full disk.
const MAKE_ROOM: &str = "Make room on its disk";
/// What to do about a disk that fails.
const MEND_DISK: &str =
    "Its disk or file system fails, or has become read-only: the log of the system says why ('dmesg')";

/// The file that SQLite has opened. Another one may be put in its place, or it may be moved or deleted: what is written to it
/// then nobody finds again, and connections that are opened later are in another database than those that are open.
#[derive(Clone, Debug)]
pub(super) struct OpenedFile {
    pub(super) path: Arc<Path>,
    identity: Identity,
}

/// Which file of which device.
type Identity = (u64, u64);

impl OpenedFile {
    pub(super) async fn of(connection: &DatabaseConnection) -> Result<Self, DbErr> {
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA database_list");
        let row = connection
            .query_one_raw(statement)
            .await?
            .ok_or_else(|| DbErr::Custom("no file is open".to_owned()))?;
        let path: Arc<Path> = PathBuf::from(row.try_get::<String>("", "file")?).into();
        let identity = Self::identity(&path);
        let identity = identity.map_err(|error| DbErr::Custom(format!("{}: {error}", path.display())))?;
        Ok(Self { path, identity })
    }

    fn identity(path: &Path) -> io::Result<Identity> {
        let metadata = path.metadata()?;
        Ok((metadata.dev(), metadata.ino()))
    }

    /// An error unless it is still where it was opened.
    pub(super) fn check(&self) -> Result<(), DbErr> {
        if Self::identity(&self.path).is_ok_and(|identity| identity == self.identity) {
            return Ok(());
        }
        Err(DbErr::Custom(format!(
            "{} was moved, deleted or replaced while this was running. Put it back, or start again on what is there now",
            self.path.display()
        )))
    }
}

/// Whether SQLite says that its file is damaged (`SQLITE_CORRUPT`), or is none (`SQLITE_NOTADB`).
pub(super) fn is_damage(error: &DbErr) -> bool {
    matches!(sqlite_code(error), Some(11 | 26))
}

/// The error with what an operator can do about it, where SQLite says what it is.
pub(super) fn with_remedy(error: DbErr) -> DbErr {
    let remedy = match sqlite_code(&error) {
        Some(5 | 6) => UNLOCK,
        Some(8 | 14) => MAKE_WRITABLE,
        Some(10) => MEND_DISK,
        Some(11 | 26) => WAY_BACK,
        Some(13) => MAKE_ROOM,
        _ => return error,
    };
    DbErr::Custom(format!("{error}. {remedy}"))
}

/// The kind of error, if it is one of SQLite: the low byte of its code.
fn sqlite_code(error: &DbErr) -> Option<i32> {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    let sqlite = error.as_database_error().and_then(|error| error.try_downcast_ref::<SqliteError>());
    let code: i32 = sqlite?.code()?.parse().ok()?;
    Some(code & 0xff)
}
