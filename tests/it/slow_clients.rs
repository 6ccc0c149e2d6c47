//! Clients that send slowly or much at once hold up nobody but themselves.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::future::select_all;
use sedia::{domain::key::Role, http::HttpConfig};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::support::{TestDatabase, TestNode};

const ROWS: &str = r#"[{"facility": "test:A", "type": "bed.icu", "available": 1}]"#;

/// A list of reports on its way over a connection of its own.
struct List {
    stream: TcpStream,
}

impl List {
    /// Sends the head. The server asks for the rest once it begins to read.
    async fn begin(address: SocketAddr, key: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /v1/reports HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            ROWS.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Self { stream }
    }

    /// One that is being read.
    async fn being_read(address: SocketAddr, key: &str) -> Self {
        let mut list = Self::begin(address, key).await;
        assert_eq!(list.status().await, 100);
        list
    }

    /// The status of the next response.
    async fn status(&mut self) -> u16 {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.unwrap());
        }
        std::str::from_utf8(&head[9..12]).unwrap().parse().unwrap()
    }

    /// Sends the rest, and gives the status of the answer.
    async fn end(&mut self) -> u16 {
        self.stream.write_all(ROWS.as_bytes()).await.unwrap();
        self.status().await
    }
}

/// A server with the hospital `test:A`, and the secrets of two links and of an admin.
async fn start(config: HttpConfig) -> (SocketAddr, [String; 3], Arc<TestDatabase>) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    let link = || node.key(Role::Link, None, &["test:A"]);
    let keys = [link().await, link().await, node.admin().await];
    let (address, database) = node.listen(config).await;
    (address, keys, database)
}

/// The list that is answered first of those given, and its status.
async fn first(lists: &mut [&mut List]) -> (usize, u16) {
    let (status, index, _) = select_all(lists.iter_mut().map(|list| Box::pin(list.status()))).await;
    (index, status)
}

#[tokio::test]
async fn slow_lists_do_not_hold_up_the_lists_of_another_key() {
    let (address, [one, other, admin], _database) = start(HttpConfig::default()).await;
    let mut slow = Vec::new();
    for key in [&one, &one, &other, &other] {
        slow.push(List::being_read(address, key).await);
    }
    let mut list = List::begin(address, &admin).await;
    list.stream.write_all(ROWS.as_bytes()).await.unwrap();
    let mut lists: Vec<&mut List> = slow.iter_mut().chain([&mut list]).collect();
    assert_eq!(first(&mut lists).await, (4, 100));
    assert_eq!(first(&mut lists).await, (4, 200));
    for list in &mut slow {
        assert_eq!(list.end().await, 200);
    }
}

#[tokio::test]
async fn one_key_has_two_lists_at_once_and_the_third_waits() {
    let (address, [one, other, _], _database) = start(HttpConfig::default()).await;
    let mut reading = [List::being_read(address, &one).await, List::being_read(address, &one).await];
    let mut third = List::begin(address, &one).await;
    let mut others = List::begin(address, &other).await;
    assert_eq!(first(&mut [&mut third, &mut others]).await, (1, 100));
    assert_eq!(others.end().await, 200);
    assert_eq!(reading[0].end().await, 200);
    assert_eq!(first(&mut [&mut reading[1], &mut third]).await, (1, 100));
    assert_eq!(third.end().await, 200);
}

#[tokio::test]
async fn a_key_with_too_many_lists_is_refused_and_others_are_not() {
    let (address, [one, other, _], _database) = start(HttpConfig::default()).await;
    let mut lists = Vec::new();
    for _ in 0..19 {
        lists.push(List::begin(address, &one).await);
    }
    let mut waiting: Vec<&mut List> = lists.iter_mut().collect();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let (index, status) = first(&mut waiting).await;
        waiting.remove(index);
        statuses.push(status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [100, 100, 503]);
    assert_eq!(List::being_read(address, &other).await.end().await, 200);
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused() {
    let config = HttpConfig { body_grace: Duration::from_millis(50), ..HttpConfig::default() };
    let (address, [one, ..], _database) = start(config).await;
    let mut slow = List::being_read(address, &one).await;
    slow.stream.write_all(&ROWS.as_bytes()[..1]).await.unwrap();
    assert_eq!(slow.status().await, 408);
    let mut answer = String::new();
    slow.stream.read_to_string(&mut answer).await.unwrap();
    let problem: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(problem["code"], "request_timeout");
    assert!(problem["detail"].as_str().unwrap().contains("1 bita"), "{problem}");
}

#[tokio::test]
async fn one_address_that_opens_more_connections_than_it_gets_is_told_so_and_shuts_out_nobody() {
    let (address, _, _database) = start(HttpConfig::default()).await;
    let mut silent = Vec::new();
    for _ in 0..1_024 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let mut refused = String::new();
    TcpStream::connect(address).await.unwrap().read_to_string(&mut refused).await.unwrap();
    assert!(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{refused}");
    assert!(refused.contains("content-type: application/problem+json\r\n"), "{refused}");
    let problem: serde_json::Value = serde_json::from_str(refused.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(problem["code"], "overloaded");
    let other = TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = other.connect(address).await.unwrap();
    other.write_all(b"GET /livez HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    other.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

/// Sends so many bytes of a list with this idempotency key.
async fn send_part(address: SocketAddr, key: &str, name: &str, list: &str, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/reports HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\
         content-type: application/x-ndjson\r\nidempotency-key: {name}\r\ncontent-length: {}\r\n\r\n",
        list.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&list.as_bytes()[..bytes]).await.unwrap();
    stream
}

#[tokio::test]
async fn a_list_that_is_cut_off_is_stored_whole_by_its_retry_and_only_once() {
    let (address, [.., admin], database) = start(HttpConfig::default()).await;
    let row = |resource| format!("{{\"facility\":\"test:A\",\"type\":\"{resource}\",\"available\":3}}\n");
    let list: String = ["bed.icu", "bed.hcu", "bed.picu", "bed.nicu"].map(row).concat();
    // Cut in the middle of the body: at the end of a row, and within one.
    for bytes in [list.len() / 2, list.len() - 5] {
        let mut cut = send_part(address, &admin, "one", &list, bytes).await;
        cut.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // Whatever it is told: nobody listens any more.
        let _ = cut.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
    }
    let (_, numbers) = crate::processes::logged(&database).await;
    assert!(numbers.is_empty(), "{numbers:?}");
    // Cut before the answer.
    drop(send_part(address, &admin, "one", &list, list.len()).await);
    let whole = async |name: &str| {
        let mut answer = String::new();
        let mut sent = send_part(address, &admin, name, &list, list.len()).await;
        sent.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.contains("idempotent-replayed: true")
    };
    whole("one").await;
    let (_, once) = crate::processes::logged(&database).await;
    assert!(whole("one").await && !whole("another").await);
    let (_, twice) = crate::processes::logged(&database).await;
    assert_eq!((once.len() * 2, once.is_empty()), (twice.len(), false), "{once:?} {twice:?}");
}
