//! A real server process.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use super::TestDatabase;

/// The program under test.
pub(crate) const SEDIA: &str = env!("CARGO_BIN_EXE_sedia");

/// A subcommand of `sedia` on a database.
pub(crate) fn sedia(database: &TestDatabase, subcommand: &str) -> Command {
    let mut sedia = Command::new(SEDIA);
    sedia.arg(subcommand).env("DATABASE_URL", database.url());
    sedia
}

/// All that a program printed.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Looks again and again until it is so; what another process does takes a moment.
#[track_caller]
pub(crate) fn wait_until(seconds: u64, what: &str, is_so: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(seconds);
    while !is_so() {
        assert!(Instant::now() < give_up, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A running `sedia serve`; killed when dropped.
pub(crate) struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// What it printed when it started: the admin key of a first start.
    pub(crate) admin_key: Option<String>,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server on `database` and waits until it is ready.
    pub(crate) fn start(database: &TestDatabase) -> Self {
        Self::start_with(database, &[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(database: &TestDatabase, arguments: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(database, port, arguments)
    }

    /// The same at a port that is known to be free.
    pub(crate) fn start_at(database: &TestDatabase, port: u16, arguments: &[&str]) -> Self {
        let mut program = Command::new(SEDIA);
        program.arg("serve").args(arguments);
        Self::launch(program, database, port, "/readyz")
    }

    /// Starts `program`, which ends in `sedia serve`, and waits until it says 200 at `probe`.
    pub(crate) fn start_as(program: Command, database: &TestDatabase, probe: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::launch(program, database, port, probe)
    }

    fn launch(mut program: Command, database: &TestDatabase, port: u16, probe: &str) -> Self {
        let mut process = program
            .env("SEDIA_LISTEN", format!("127.0.0.1:{port}"))
            .env("DATABASE_URL", database.url())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed: Arc<Mutex<Vec<String>>> = Arc::default();
        let lines = Arc::clone(&printed);
        let stderr = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
            }
        });
        let url = format!("http://127.0.0.1:{port}");
        let give_up = Instant::now() + Duration::from_secs(60);
        while ureq::get(format!("{url}{probe}")).call().is_err() {
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < give_up, "{ended:?}: {:?}", printed.lock().unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
        let admin_key = printed.lock().unwrap().iter().find_map(|line| {
            line.split_whitespace().find(|word| word.starts_with("sedia_")).map(str::to_owned)
        });
        Self { process, url, admin_key, printed }
    }

    /// What it has printed so far.
    pub(crate) fn log(&self) -> String {
        self.printed.lock().unwrap().join("\n")
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the process to end by itself, and gives its exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
