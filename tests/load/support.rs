//! What the load tests share: servers as processes of their own, what they cost, a client, and medians.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow, ensure};
use sedia::{
    auth::Principal,
    clock::SystemClock,
    domain::language::Language,
    import,
    node::{Node, NodeConfig},
    store::{
        Durability,
        commands::{ImportFacilities, ReportRows},
    },
};
use tokio::net::TcpListener;

/// The allocator of the `sedia` program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where databases go: a real disk, not memory.
pub(crate) const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// What `/proc` counts processor time in.
const TICK: Duration = Duration::from_millis(10);

/// This program, started again as a server; killed when dropped.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts this program with `arguments`, hands it `input`, and waits until it says where it listens, and
    /// what else it says.
    pub(crate) fn start(arguments: &[&str], input: &[u8]) -> anyhow::Result<(Self, String)> {
        let mut process = Command::new(env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        process.stdin.take().context("stdin is piped")?.write_all(input)?;
        let mut line = String::new();
        let stdout = process.stdout.take().context("stdout is piped")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let (address, said) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let address = address.parse().context("the server did not start")?;
        Ok((Self { process, address }, said.to_owned()))
    }

    /// The processor time it has used so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let (_, after_name) = stat.rsplit_once(')').context("stat has a name in brackets")?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = fields[11].parse::<u32>()? + fields[12].parse::<u32>()?;
        Ok(TICK * ticks)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// In the server's process: says where it listens, and `more`.
pub(crate) async fn listen(more: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{} {more}", listener.local_addr()?)?;
    Ok(listener)
}

/// A node on the SQLite file in `folder`, as `sedia serve` starts it.
pub(crate) async fn node(folder: &str, write_batch: usize) -> anyhow::Result<Node> {
    let config = NodeConfig {
        database_url: format!("sqlite://{folder}/sedia.db"),
        durability: Durability::Full,
        write_batch,
    };
    Node::start(&config, Arc::new(SystemClock)).await
}

/// Adds facilities and reports from CSV, in lists of at most so many rows.
pub(crate) async fn fill(node: &Node, facilities: &str, reports: &str, rows: usize) -> anyhow::Result<()> {
    let operator = Principal::Operator("load");
    let language = Language::En;
    let read =
        import::facilities::read(facilities.as_bytes()).map_err(|rejection| anyhow!("{rejection:?}"))?;
    let mut left = read.rows.into_iter().peekable();
    while left.peek().is_some() {
        let rows = left.by_ref().take(rows).collect();
        node.submit(operator.clone(), ImportFacilities { rows, language }).await?;
    }
    let now = node.clock.now();
    let (header, lines) = reports.split_once('\n').context("there is a header")?;
    for lines in lines.lines().collect::<Vec<_>>().chunks(rows) {
        let csv = format!("{header}\n{}", lines.join("\n"));
        let report = ReportRows {
            rows: import::reports::csv(csv.as_bytes(), now)
                .map_err(|rejections| anyhow!("{rejections:?}"))?,
            dry_run: false,
            confirmed: true,
            language,
        };
        let written = node.submit(operator.clone(), report).await?;
        ensure!(written.receipt.body["refused"] == 0, "{}", written.receipt.body);
    }
    Ok(())
}

/// In the server's process: serves `node` until it is killed.
pub(crate) async fn serve(node: Node, said: &str) -> anyhow::Result<()> {
    let config = sedia::http::HttpConfig::default();
    sedia::http::serve_on(listen(said).await?, node, &config).await
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

    /// Sends `request` and reads the response: its status and its body.
    pub(crate) fn call(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request)?;
        let (mut filled, mut end) = (0, None);
        while end.is_none_or(|(_, end)| filled < end) {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            ensure!(read > 0, "the server closed the connection, or the answer is too long");
            filled += read;
            if end.is_none() {
                end = body(&self.buffer[..filled]);
            }
        }
        let (start, end) = end.context("the answer has a head")?;
        let status = std::str::from_utf8(&self.buffer[9..12])?.parse()?;
        Ok((status, &self.buffer[start..end]))
    }

    /// The body of a `GET` that succeeds.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<&[u8]> {
        let (status, body) = self.call(&get(path))?;
        ensure!(status == 200, "{path}: {status} {}", String::from_utf8_lossy(body));
        Ok(body)
    }
}

/// Where the body starts and ends, once the whole head is there.
fn body(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..start]).ok()?;
    let mut lines = head.split("\r\n");
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    Some((start, start + length))
}

/// The bytes of a `GET` request.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: load\r\naccept: */*\r\n\r\n").into_bytes()
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
