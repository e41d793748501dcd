//! The instance that generated requests go to: one that runs elsewhere, or one that is started for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::{Options, tools};
use crate::admin::{self, Credentials};
use crate::application::Application;
use crate::build::{self, Mode};
use crate::host::{HostProcess, Launch};
use crate::http::Client;
use crate::seed::{self, catalog};
use crate::tick::{self, Ticker};
use crate::workspace::Workspace;
use crate::{ready, secrets, state};

/// The time that the services may take to become ready.
const READY: Duration = Duration::from_secs(30);

/// The variables that differ from those of a shop: one client sends the requests of many.
const VARIABLES: [(&str, &str); 6] = [
    ("rate_limit_auth", "1000000/60"),
    ("rate_limit_read", "1000000/60"),
    ("rate_limit_write", "1000000/60"),
    ("rate_limit_export", "1000000/60"),
    ("customer_max_unpaid_orders", "1000000"),
    ("customer_max_unpaid_pieces", "1000000"),
];

/// A running instance.
#[derive(Debug)]
pub(super) struct Instance {
    /// Its URL.
    pub(super) url: String,
    /// One of its admins.
    pub(super) admin: Credentials,
    _started: Option<Started>,
}

/// What ends with an instance that was started here.
#[derive(Debug)]
struct Started {
    _ticker: Sender<()>,
    _host: HostProcess,
    folder: PathBuf,
}

impl Instance {
    /// Returns the instance of `options`, which is started by the first call if there is none.
    pub(super) fn of<'i>(workspace: &Workspace, options: &Options, slot: &'i mut Option<Self>) -> Result<&'i Self> {
        if slot.is_none() {
            *slot = Some(match &options.instance {
                Some((url, admin)) => Self { url: url.clone(), admin: admin.clone(), _started: None },
                None => Self::start(workspace)?,
            });
        }
        slot.as_ref().context("the instance was started above")
    }

    fn start(workspace: &Workspace) -> Result<Self> {
        build::ensure_wasm_target(workspace)?;
        build::components(workspace, Mode::Release)?;
        build::host(workspace)?;
        let folder = tools::work_dir(workspace)?.join(format!("instance-{}", std::process::id()));
        state::create_private_folder(&folder)?;
        let (config, env_file) = (folder.join("runtime-config.toml"), folder.join(".env"));
        state::copy_runtime_config(&workspace.runtime_config(), &folder, &config)?;
        secrets::ensure(&env_file, &secrets::needed(&Application::read(&workspace.manifest())?))?;
        let mut launch = Launch::new(workspace, config, folder.clone());
        launch.env_file = Some(env_file.clone());
        launch.environment = VARIABLES.map(|(name, value)| (secrets::env_name(name), Some(value.to_owned()))).into();
        let document = workspace.root().join("api-specs/openapi.json");
        launch.arguments.extend(["--validate-responses".into(), document.into()]);
        let mut host = launch.spawn()?;
        let url = host.url()?;
        let client = Client::new(&url);
        let clock = Ticker::from_env_file(&client, &env_file)?;
        ready::wait(&clock, READY, &BTreeMap::new(), || host.check_alive(), |_| ())
            .with_context(|| format!("the log of the host is {}", folder.join("host.log").display()))?;
        let admin = Credentials::read(&env_file)?.context("the instance has no first admin")?;
        let as_admin = admin::log_in(&client, &admin)?.context("the first admin cannot log in")?;
        seed::demo_customers(&client, &as_admin, &secrets::random_hex()?)?;
        catalog::demo_catalog(&client, &as_admin)?;
        // A slow tick is no fault of the contract.
        let ticker = clock.spawn(tick::EVERY, |_| ());
        Ok(Self { url, admin, _started: Some(Started { _ticker: ticker, _host: host, folder }) })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Only disk space: its name is not used again.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
