//! The network between a node and its PostgreSQL fails.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{Client, numbers, under, with_hospitals};
use crate::{
    processes::wait_until_ready,
    support::{Server, TestDatabase},
};

/// How a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Good,
    /// Every connection is closed, and so are new ones.
    Cut,
    /// Connections stay, and nothing comes through.
    Silent,
}

/// The network between a node and its database.
#[derive(Clone)]
struct Proxy {
    network: Arc<Mutex<Network>>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// Stands before `upstream`, and gives the address at which it does.
    fn before(upstream: String) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let proxy = Self { network: Arc::new(Mutex::new(Network::Good)), connections: Arc::default() };
        let accepting = proxy.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map(Result::unwrap) {
                if accepting.network() == Network::Cut {
                    continue;
                }
                let server = TcpStream::connect(&upstream).unwrap();
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let proxy = accepting.clone();
                    std::thread::spawn(move || proxy.pass(from, to));
                }
                accepting.connections.lock().unwrap().extend([client, server]);
            }
        });
        (proxy, address)
    }

    fn network(&self) -> Network {
        *self.network.lock().unwrap()
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 8192];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            while self.network() == Network::Silent {
                std::thread::sleep(Duration::from_millis(20));
            }
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        for end in [from, to] {
            // It may be closed already.
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    fn set(&self, network: Network) {
        *self.network.lock().unwrap() = network;
        if network == Network::Cut {
            for connection in self.connections.lock().unwrap().drain(..) {
                let _ = connection.shutdown(Shutdown::Both);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_cut_off_or_silent_holds_up_reports_only() {
    let database = TestDatabase::create().await;
    let TestDatabase::Postgres { server, name } = &database else { return };
    let (user, rest) = server.rsplit_once('@').unwrap();
    let (proxy, address) = Proxy::before(rest.split('/').next().unwrap().to_owned());
    let url = format!("DATABASE_URL={user}@{address}/{name}");
    let (server, key) =
        with_hospitals(Server::start_as(under(&["env", &url], &["serve"]), &database, "/readyz"));
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);
    for (network, number) in [(Network::Cut, 2), (Network::Silent, 3)] {
        proxy.set(network);
        assert_eq!(
            client.report(0, number).come_again(),
            "nothing of this was stored; send it again after Retry-After seconds",
            "{network:?}"
        );
        assert_eq!(client.shown(0).0, number - 1, "{network:?}");
        assert!(!client.is_ready(), "{network:?}");
        proxy.set(Network::Good);
        wait_until_ready(&server);
        assert_eq!(client.report(0, number).status, 200, "{network:?}");
        assert_eq!(client.shown(0).0, number, "{network:?}");
    }
    drop(server);
    assert_eq!(numbers(&database).await, [1, 2, 3]);
}
