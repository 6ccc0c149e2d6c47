//! What the load tests share: servers as processes of their own, what they cost, a client, and medians.

use std::{
    env,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// What `/proc` counts processor time in.
const TICK: Duration = Duration::from_millis(10);
/// How long a server may take until it answers.
const START: Duration = Duration::from_secs(60);

/// A directory in a folder of its own, and the `sedia` program on it.
pub(crate) struct Directory {
    folder: TempDir,
    url: String,
}

impl Directory {
    /// An empty one, on a real disk and not in memory.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Self::at(|folder| format!("sqlite://{}/sedia.db", folder.display()))
    }

    /// One in the database that `url` names, in the folder or elsewhere.
    pub(crate) fn at(url: impl FnOnce(&Path) -> String) -> anyhow::Result<Self> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let url = url(folder.path());
        let directory = Self { folder, url };
        directory.run(&["migrate"])?;
        Ok(directory)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.command_on(None, arguments)
    }

    /// The same, on one core of the machine.
    fn command_on(&self, core: Option<u8>, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_sedia");
        let mut command = Command::new(if core.is_some() { "taskset" } else { program });
        if let Some(core) = core {
            command.args(["--cpu-list", &core.to_string(), program]);
        }
        // The caller's own settings would be measured, too.
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SEDIA_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("DATABASE_URL", &self.url);
        command
    }

    /// Runs a subcommand on it, and gives what that printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(arguments).stderr(Stdio::piped()).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "sedia {arguments:?}: {} {errors}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Imports CSV of `what`: regions, facilities or reports.
    pub(crate) fn import(&self, what: &str, csv: &str) -> anyhow::Result<()> {
        let path = self.folder().join(format!("{what}.csv"));
        std::fs::write(&path, csv)?;
        self.run(&["import", what, path.to_str().context("paths here are UTF-8")?])?;
        Ok(std::fs::remove_file(path)?)
    }

    /// A new key that may do everything.
    pub(crate) fn admin_key(&self) -> anyhow::Result<String> {
        Ok(self.run(&["key", "create", "--role", "admin"])?.trim().to_owned())
    }

    /// Starts `sedia serve` with these arguments on it.
    pub(crate) fn serve(&self, arguments: &[&str]) -> anyhow::Result<Server> {
        self.serve_on(None, arguments)
    }

    /// The same, on one core of the machine.
    pub(crate) fn serve_on(&self, core: Option<u8>, arguments: &[&str]) -> anyhow::Result<Server> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let listen = ["--log", "warn", "serve", "--listen", &address.to_string()];
        Server::start(&mut self.command_on(core, &[&listen, arguments].concat()), address)
    }
}

/// A server process; killed when dropped.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a server and waits until it listens on `address`.
    pub(crate) fn start(command: &mut Command, address: SocketAddr) -> anyhow::Result<Self> {
        let mut server = Self { process: command.spawn()?, address };
        let give_up = Instant::now() + START;
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.process.try_wait()? {
                bail!("the server ended: {status}");
            }
            ensure!(Instant::now() < give_up, "the server did not start");
            thread::sleep(Duration::from_millis(5));
        }
        Ok(server)
    }

    /// The processor time it has used so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let (_, after_name) = stat.rsplit_once(')').context("stat has a name in brackets")?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = fields[11].parse::<u32>()? + fields[12].parse::<u32>()?;
        Ok(TICK * ticks)
    }

    /// The bytes of memory that it holds now.
    pub(crate) fn bytes_held(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kilobytes.context("status has VmRSS")?.parse::<u64>()? << 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Does `work` with a database of its own on the PostgreSQL that `server` names, given as a URL, and removes it.
pub(crate) fn with_database<T>(
    server: &str,
    name: &str,
    work: impl FnOnce(String) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let name = format!("sedia_{name}_{}", std::process::id());
    let (base, _) = server.rsplit_once('/').context("the URL names a database")?;
    execute(server, &format!("CREATE DATABASE {name}"))?;
    let done = work(format!("{base}/{name}"));
    execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"))?;
    done
}

#[tokio::main]
async fn execute(url: &str, statement: &str) -> anyhow::Result<()> {
    let connection = Database::connect(url).await?;
    connection.execute_unprepared(statement).await?;
    Ok(connection.close().await?)
}

/// One connection that stays open.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { stream, buffer: vec![0; 1 << 20] })
    }

    /// Sends `request` and reads the response.
    pub(crate) fn call(&mut self, request: &[u8]) -> anyhow::Result<Response<'_>> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        while response(&self.buffer[..filled]).is_none() {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            ensure!(read > 0, "the server closed the connection, or the answer is too long");
            filled += read;
        }
        response(&self.buffer[..filled]).context("the answer is whole")
    }

    /// The body of a `GET` that succeeds.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<&[u8]> {
        let response = self.call(&get(path, ""))?;
        let told = String::from_utf8_lossy(response.body);
        ensure!(response.status() == "200", "{path}: {} {told}", response.status());
        Ok(response.body)
    }
}

/// What a server sent.
pub(crate) struct Response<'a> {
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl Response<'_> {
    pub(crate) fn status(&self) -> &str {
        status(self.head)
    }
}

fn status(head: &str) -> &str {
    head.get(9..12).unwrap_or_default()
}

/// The value of a header, whose name is in small letters.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n")
        .filter_map(|line| line.split_once(": "))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The response in `bytes`, once it is whole.
pub(crate) fn response(bytes: &[u8]) -> Option<Response<'_>> {
    let (start, end) = ends_of(bytes)?;
    let body = bytes.get(start..end)?;
    Some(Response { head: std::str::from_utf8(&bytes[..start]).ok()?, body })
}

/// Where the head and the body end, once the whole head is there.
fn ends_of(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..start]).ok()?;
    let length = header(head, "content-length").filter(|_| status(head) != "304");
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    Some((start, start + length))
}

/// The bytes of a `GET` request; `headers` end with a line break each.
pub(crate) fn get(path: &str, headers: &str) -> Vec<u8> {
    let accept = if headers.contains("accept:") { "" } else { "accept: */*\r\n" };
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: load\r\n{accept}{headers}\r\n")
        .into_bytes()
}

/// The bytes of a request that sends JSON.
pub(crate) fn send(method: &str, path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The value that a share of `values` does not exceed: 0.5 is the median.
pub(crate) fn quantile<T: PartialOrd + Copy>(values: &mut [T], share: f64) -> T {
    values.sort_unstable_by(|a, b| a.partial_cmp(b).expect("numbers have an order"));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index between 0 and the length"
    )]
    let index = (share * (values.len() - 1) as f64).round() as usize;
    values[index]
}

/// Whether the program runs as a load test, not merely to see that it builds and starts.
pub(crate) fn is_wanted() -> bool {
    env::args().any(|argument| argument == "--bench")
}
