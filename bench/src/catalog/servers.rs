//! Who is compared: the application, with more and less of its cache, and the two twins, all on the same databases.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use xtask::http::{Answer, Client};
use xtask::npm;
use xtask::workspace::Workspace;

use super::operations::{Kind, Read};
use crate::instance::Server;
use crate::people;

/// The application as it comes, and with another say on what it keeps in key-value: by name, the variables for it.
pub(super) const OWN: [(&str, &[(&str, &str)]); 3] =
    [("spindle", &[]), (CACHE_OFF, &[("catalog_cache", "off")]), (CACHE_ON, &[("catalog_cache", "on")])];

const CACHE_OFF: &str = "spindle, off";
const CACHE_ON: &str = "spindle, on";

/// What is refused, or is not there.
const REFUSED: [(&str, u16); 7] = [
    ("/v1/products?limit=0", 400),
    ("/v1/products?limit=101", 400),
    ("/v1/products?colour=red", 400),
    ("/v1/products?sort=age", 400),
    ("/v1/products?cursor=AAAA", 400),
    ("/v1/products/01a20451-50e4-757b-9dad-57c68d7a56c1", 404),
    ("/v1/products/nothing", 404),
];

/// What comes in other orders, with other filters, or from people who type whatever they like.
const LISTS: [&str; 10] = [
    "/v1/products?sort=name&limit=5",
    "/v1/products?sort=-price&currency=EUR&limit=3",
    "/v1/products?min_price=500&max_price=510&sort=name",
    "/v1/products?category=new-lamps&in_stock=false",
    "/v1/products?q=oak+lamp&category=vintage-rugs&limit=4",
    "/v1/products?q=%22oak+steel%22&sort=price&limit=7",
    "/v1/products?q=BULK-0000007",
    "/v1/products?q=oak&sort=-price&max_price=90000",
    "/v1/products?q=NOT+(%22+*&limit=2",
    "/v1/products?q=%F0%9F%AA%91",
];

/// One of those who are compared.
pub(super) struct Contestant {
    pub(super) name: &'static str,
    server: Server,
}

/// All of them, the application first.
pub(super) struct Contestants {
    all: Vec<Contestant>,
    /// A token of the user in the databases' instance who may read all users.
    pub(super) token: String,
}

impl Contestant {
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// What the answers to `read` say of caches, most often, and how often; none if they say nothing.
    ///
    /// # Errors
    ///
    /// If there is no answer.
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
        let client = Client::new(&self.server.url);
        read.token.as_ref().map_or(client.clone(), |token| client.as_user(token))
    }
}

impl Contestants {
    /// Starts all on the databases in `state`, with everything else in `folder`; the twin on Node if `node` says where it is.
    ///
    /// # Errors
    ///
    /// If one does not start.
    pub(super) fn start(state: &Path, folder: &Path, node: Option<&Path>) -> Result<Self> {
        let code = Workspace::locate().cache_dir();
        let mut all = Vec::new();
        for (name, variables) in OWN {
            let server = Server::application_with(&folder.join(name), state, code.clone(), variables)?;
            all.push(Contestant { name, server });
        }
        let url = all[0].server.url.clone();
        let token = people::log_in_admin(&Client::new(&url))?;
        all.push(Contestant { name: "native", server: Server::twin(state, &url)? });
        if let Some(node) = node {
            all.push(Contestant { name: "node", server: Server::node_twin(node, state, &url)? });
        }
        Ok(Self { all, token })
    }

    /// Those who are worth measuring at `read`.
    pub(super) fn that_serve(&self, read: &Read) -> impl Iterator<Item = &Contestant> {
        self.all.iter().filter(|contestant| is_worth_measuring(contestant.name, read))
    }

    /// A comparison is only fair if all give the same answers.
    ///
    /// # Errors
    ///
    /// If one differs.
    pub(super) fn check_same(&self, reads: &[Read]) -> Result<()> {
        for read in reads {
            for path in &read.samples {
                self.compare(path, |contestant| contestant.client(read).get(path))?;
            }
        }
        for path in LISTS {
            self.compare(path, |contestant| Client::new(&contestant.server.url).get(path))?;
            self.follow(path)?;
        }
        for (path, status) in REFUSED {
            for contestant in &self.all {
                let answer = Client::new(&contestant.server.url).get(path)?;
                ensure!(answer.status == status, "{}: {path} answers {answer:?}", contestant.name);
            }
        }
        Ok(())
    }

    fn compare(&self, path: &str, get: impl Fn(&Contestant) -> Result<Answer>) -> Result<Answer> {
        let (first, others) = self.all.split_first().context("nobody is compared")?;
        let expected = get(first)?;
        ensure!(expected.status == 200, "{path} answers {expected:?}");
        for other in others {
            let answer = get(other)?;
            ensure!(
                (answer.status, &answer.body, &answer.etag) == (200, &expected.body, &expected.etag),
                "{path}: {} answers {answer:?}, and {} {expected:?}",
                other.name,
                first.name
            );
        }
        Ok(expected)
    }

    /// Compares the next pages of `path`, with the cursors of the application.
    fn follow(&self, path: &str) -> Result<()> {
        let mut next = path.to_owned();
        for _ in 0..3 {
            let page = self.compare(&next, |contestant| Client::new(&contestant.server.url).get(&next))?;
            let Some(cursor) = page.body["next_cursor"].as_str() else { return Ok(()) };
            next = format!("{path}&cursor={cursor}");
        }
        Ok(())
    }
}

/// Whether the server `name` is worth measuring at `read`: what is kept anyway, or never, makes no difference.
pub(super) fn is_worth_measuring(name: &str, read: &Read) -> bool {
    match name {
        CACHE_OFF => read.kind == Kind::List,
        CACHE_ON => read.kind == Kind::Product,
        _ => true,
    }
}

/// The folder of the Node twin with what it depends on.
///
/// # Errors
///
/// Why there is none: Node is not there, or its packages cannot be had.
pub(super) fn node() -> Result<PathBuf> {
    let folder = Workspace::locate().root().join("bench/node-twin");
    npm::install(&folder)?;
    Ok(folder)
}
