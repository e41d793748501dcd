//! The compared servers: the application in each mode of its cache, and the two baselines, all on the same databases.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use xtask::http::{Client, Response};
use xtask::npm;
use xtask::workspace::Workspace;

use super::operations::{Kind, Read};
use crate::accounts;
use crate::instance::Server;

/// The names of the application with each mode of its cache in key-value, and the variables of each; the first is the default.
pub(super) const CACHE_VARIANTS: [(&str, &[(&str, &str)]); 3] =
    [("spindle", &[]), (CACHE_OFF, &[("catalog_cache", "off")]), (CACHE_ON, &[("catalog_cache", "on")])];

const CACHE_OFF: &str = "spindle, off";
const CACHE_ON: &str = "spindle, on";

/// Requests that are refused or find no product, with their statuses.
const REFUSED: [(&str, u16); 7] = [
    ("/v1/products?limit=0", 400),
    ("/v1/products?limit=101", 400),
    ("/v1/products?colour=red", 400),
    ("/v1/products?sort=age", 400),
    ("/v1/products?cursor=AAAA", 400),
    ("/v1/products/01a20451-50e4-757b-9dad-57c68d7a56c1", 404),
    ("/v1/products/nothing", 404),
];

/// Lists in other orders, with other filters, and with arbitrary texts.
const LISTS: [&str; 10] = [
    "/v1/products?sort=name&limit=5",
    "/v1/products?sort=-price&currency=EUR&limit=3",
    "/v1/products?min_price=500&max_price=510&currency=EUR&sort=name",
    "/v1/products?category=new-lamps&in_stock=false",
    "/v1/products?q=oak+lamp&category=vintage-rugs&limit=4",
    "/v1/products?q=%22oak+steel%22&sort=price&currency=EUR&limit=7",
    "/v1/products?q=BULK-0000007",
    "/v1/products?q=oak&sort=-price&max_price=90000&currency=EUR",
    "/v1/products?q=NOT+(%22+*&limit=2",
    "/v1/products?q=%F0%9F%AA%91",
];

/// A compared server.
pub(super) struct ComparedServer {
    pub(super) name: &'static str,
    running: Server,
}

/// All compared servers, the application first.
pub(super) struct ComparedServers {
    all: Vec<ComparedServer>,
    /// A token of the admin of the instance, who may read all users.
    pub(super) token: String,
}

impl ComparedServer {
    pub(super) fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Returns the most frequent `Cache-Status` of the responses to `read`, with its percentage; `None` if no response has one.
    ///
    /// # Errors
    ///
    /// If a request gets no response.
    pub(super) fn cache_status(&self, read: &Read) -> Result<Option<String>> {
        let client = self.client(read);
        let mut counts = BTreeMap::<String, usize>::new();
        for path in &read.spread {
            if let Some(status) = client.get(path)?.cache_status {
                *counts.entry(status).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        Ok(most.map(|(status, count)| format!("{status} ({} %)", count * 100 / read.spread.len())))
    }

    fn client(&self, read: &Read) -> Client {
        let client = Client::new(&self.running.url);
        read.token.as_ref().map_or(client.clone(), |token| client.as_user(token))
    }
}

impl ComparedServers {
    /// Starts all servers on the databases in `state`, with all other files in `folder`; the baseline on Node only if `node` is its folder.
    ///
    /// # Errors
    ///
    /// If a server does not start.
    pub(super) fn start(state: &Path, folder: &Path, node: Option<&Path>) -> Result<Self> {
        let code = Workspace::locate().cache_dir();
        let mut all = Vec::new();
        for (name, variables) in CACHE_VARIANTS {
            let running = Server::application_with(&folder.join(name), state, code.clone(), variables)?;
            all.push(ComparedServer { name, running });
        }
        let url = all[0].running.url.clone();
        let token = accounts::log_in_admin(&Client::new(&url))?;
        all.push(ComparedServer { name: "native", running: Server::baseline(state, &url)? });
        if let Some(node) = node {
            all.push(ComparedServer { name: "node", running: Server::node_baseline(node, state, &url)? });
        }
        Ok(Self { all, token })
    }

    /// Returns the servers that are worth measuring for `read`.
    pub(super) fn measured_for(&self, read: &Read) -> impl Iterator<Item = &ComparedServer> {
        self.all.iter().filter(|server| is_worth_measuring(server.name, read))
    }

    /// Checks that all servers send the same responses: otherwise, the comparison would be unfair.
    ///
    /// # Errors
    ///
    /// If a response differs.
    pub(super) fn check_same(&self, reads: &[Read]) -> Result<()> {
        for read in reads {
            for path in &read.samples {
                self.compare(path, |server| server.client(read).get(path))?;
            }
        }
        for path in LISTS {
            self.compare(path, |server| Client::new(&server.running.url).get(path))?;
            self.compare_next_pages(path)?;
        }
        for (path, status) in REFUSED {
            for server in &self.all {
                let response = Client::new(&server.running.url).get(path)?;
                ensure!(response.status == status, "{}: the response to {path} is {response:?}", server.name);
            }
        }
        Ok(())
    }

    fn compare(&self, path: &str, get: impl Fn(&ComparedServer) -> Result<Response>) -> Result<Response> {
        let (first, others) = self.all.split_first().context("there are no servers to compare")?;
        let expected = get(first)?;
        ensure!(expected.status == 200, "the response to {path} is {expected:?}");
        for other in others {
            let response = get(other)?;
            ensure!(
                (response.status, &response.body, &response.etag) == (200, &expected.body, &expected.etag),
                "{path}: the response of {} is {response:?}, and that of {} is {expected:?}",
                other.name,
                first.name
            );
        }
        Ok(expected)
    }

    /// Compares the next pages of `path`, with the cursors of the application.
    fn compare_next_pages(&self, path: &str) -> Result<()> {
        let mut next = path.to_owned();
        for _ in 0..3 {
            let page = self.compare(&next, |server| Client::new(&server.running.url).get(&next))?;
            let Some(cursor) = page.body["next_cursor"].as_str() else { return Ok(()) };
            next = format!("{path}&cursor={cursor}");
        }
        Ok(())
    }
}

/// Returns whether the server `name` is worth measuring for `read`: a mode of the cache that does not change the read is not.
pub(super) fn is_worth_measuring(name: &str, read: &Read) -> bool {
    match name {
        CACHE_OFF => read.kind == Kind::List,
        CACHE_ON => read.kind == Kind::Product,
        _ => true,
    }
}

/// Installs the packages of the Node baseline, and returns its folder.
///
/// # Errors
///
/// If Node is missing or too old, or its packages cannot be installed.
pub(super) fn node_baseline() -> Result<PathBuf> {
    let folder = Workspace::locate().root().join("bench/node-baseline");
    npm::install(&folder)?;
    Ok(folder)
}
