//! The instance that a page talks to, with the demo data of `cargo xtask up`, and the folder in which the page's commands run.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use spindle_tests::Instance;
use spindle_tests::accounts::Account;
use spindle_tests::instance::{SERVICE_SECRET, admin};
use xtask::secrets::DEMO_PASSWORD;
use xtask::seed::{self, catalog};
use xtask::tick::{EVERY, Ticker};
use xtask::{admin as xtask_admin, http};

use crate::fault::{Fault, Shared};

/// The password of the demo customers.
const PASSWORD: &str = "the password of the demo customers";

/// The folder of the databases, in the folder of the page.
const STATE: &str = ".spindle";

/// A running instance, which is ticked every second.
pub(crate) struct PageInstance {
    instance: Instance,
    /// The servers that its fault is about.
    shared: Option<Shared>,
    fault: Option<Fault>,
    state: PathBuf,
    /// Ends the ticks when it is dropped.
    _ticking: Sender<()>,
    /// The variables that the page may use.
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl PageInstance {
    /// Starts an instance with `fault`; `folder` gets its `.env`, its databases in `.spindle`, and its log as `host.log`.
    ///
    /// # Panics
    ///
    /// If the instance does not start or cannot be seeded.
    pub(crate) fn start(folder: &Path, fault: Option<Fault>) -> Self {
        let state = folder.join(STATE);
        fs::create_dir_all(&state).expect("the folder can be written to");
        let mut shared = fault.and_then(|fault| fault.servers(&state));
        let settings = fault.map_or_else(Vec::new, |fault| fault.variables().to_vec());
        let instance = match &shared {
            Some(shared) => shared.instance(&state, &settings),
            None => Instance::with(&state, &settings),
        };
        fs::copy(instance.env_file(), folder.join(".env")).expect("the instance has an .env");
        let mut env = OpenOptions::new().append(true).open(folder.join(".env")).expect("the copy can be written to");
        writeln!(env, "{DEMO_PASSWORD}=\"{PASSWORD}\"").expect("the copy can be written to");
        symlink(instance.log_file(), folder.join("host.log")).expect("a link can be made");

        let client = http::Client::new(instance.url());
        let admin = xtask_admin::log_in(&client, &admin()).expect("the instance answers").expect("the admin logs in");
        let customers = seed::demo_customers(&client, &admin, PASSWORD).expect("customers register");
        catalog::demo_catalog(&client, &admin).expect("products are imported");
        let variables = fault.map_or_else(Vec::new, |fault| {
            let customer = Account::log_in(&instance.client(), &customers[0].email, PASSWORD);
            fault.seed(&instance, &state, &customer)
        });
        let ticking = Ticker::new(&client, SERVICE_SECRET.to_owned()).spawn(EVERY, |_| ());
        shared.iter_mut().for_each(Shared::kill);
        Self { instance, shared, fault, state, _ticking: ticking, variables }
    }

    /// Removes the cause of its fault.
    ///
    /// # Panics
    ///
    /// If it has none.
    pub(crate) fn repair(&mut self) {
        match (&mut self.shared, self.fault) {
            (Some(shared), _) => shared.restart(),
            (None, fault) => fault.expect("a fault to repair").repair(&self.state),
        }
    }

    /// Returns its URL.
    pub(crate) fn url(&self) -> &str {
        self.instance.url()
    }

    /// Returns what the host has printed.
    pub(crate) fn log(&self) -> String {
        self.instance.log()
    }
}
