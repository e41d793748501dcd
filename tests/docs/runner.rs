//! Runs a page.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::{Client, skip};
use xtask::build;
use xtask::examples::Language;
use xtask::workspace::Workspace;

use crate::fault::Fault;
use crate::instance::PageInstance;
use crate::node::Node;
use crate::output::{contains, matches};
use crate::page::{Action, Block, Exchange, Page, UP, XTASK};
use crate::session::Session;

/// How long a command is repeated until it prints the expected output.
const EVENTUALLY: Duration = Duration::from_secs(30);

/// How long an instance that a page starts may take until it is ready: it may have a provider to compile.
const READY: Duration = Duration::from_secs(300);

/// How often something is looked at again.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

/// The address on the pages.
const ADDRESS: &str = "127.0.0.1:3000";

/// The tools that every page may use.
const TOOLS: [&str; 3] = ["bash", "curl", "jq"];

/// A page that is being run.
struct Run<'p> {
    path: &'p str,
    session: Session,
    folder: PathBuf,
    /// The address of the instance.
    address: String,
    instance: Option<PageInstance>,
    /// A block was skipped, so that what follows may miss what it makes.
    has_skipped: bool,
}

/// Runs the blocks of the page at `path`.
///
/// # Panics
///
/// If a command fails or prints something else than the page shows.
pub(crate) fn run(path: &str) {
    let text =
        fs::read_to_string(Workspace::locate().root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let page = Page::parse(&text);
    if page.blocks.is_empty() {
        return;
    }
    let mut tools = TOOLS.into_iter().chain(page.needs.iter().map(String::as_str));
    if let Some(missing) = tools.find(|tool| !has_tool(tool)) {
        return skip(path, missing);
    }
    let temp = tempfile::tempdir().expect("a temp folder");
    let (folder, files) = (temp.path().join("spindle"), temp.path().join("session"));
    fs::create_dir_all(&folder).and_then(|()| fs::create_dir_all(&files)).expect("the temp folder can be written to");
    let fault = page.fault.as_deref().map(Fault::named);
    let instance = (!page.starts_instance()).then(|| PageInstance::start(&folder, fault));
    let address = match &instance {
        Some(instance) => instance.url().trim_start_matches("http://").to_owned(),
        None => free_address(),
    };
    let variables = instance.as_ref().map_or(&[][..], |instance| instance.variables.as_slice());
    let xtask = if page.runs(XTASK) { xtask() } else { PathBuf::new() };
    let session = Session::start(&folder, &files, &xtask, variables);
    let mut run = Run { path, session, folder, address, instance, has_skipped: false };
    for block in &page.blocks {
        run.block(block);
    }
}

/// Runs the blocks of the page at `path` on the single node.
///
/// # Panics
///
/// If a command fails or prints something else than the page shows.
pub(crate) fn run_on(node: &Node, path: &str) {
    let root = Workspace::locate().root().to_path_buf();
    let text = fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let page = Page::parse(&text);
    page.fault.iter().for_each(|fault| node.cause(fault));
    let files = tempfile::tempdir_in(node.files()).expect("a temp folder");
    let session = Session::start_with(node.shell("bash"), &root, files.path(), Path::new(""), &[]);
    let address = ADDRESS.to_owned();
    let mut run = Run { path, session, folder: root, address, instance: None, has_skipped: false };
    for block in &page.blocks {
        run.block(block);
    }
}

impl Run<'_> {
    fn block(&mut self, block: &Block) {
        if let Some(missing) = block.needs.iter().find(|tool| !has_tool(tool)) {
            skip(&self.place(block.line), missing);
            self.has_skipped = true;
            return;
        }
        if block.repair {
            self.instance.as_mut().expect("the page has an instance").repair();
        }
        match &block.action {
            Action::Script(script) => {
                let script = self.localised(script);
                let output = self.session.run(&script);
                output.unwrap_or_else(|output| self.fail(block.line, &script, &[], &output));
            }
            Action::Console { commands, eventually } => {
                commands.iter().for_each(|exchange| self.exchange(exchange, *eventually));
            }
            Action::Background { name, script } => self.background(block.line, name, script),
            Action::OutputOf { name, lines } => self.output_of(block.line, name, lines),
            Action::PartOf { file, lines } => {
                let text = fs::read_to_string(self.folder.join(file));
                if text.is_err() && self.has_skipped {
                    return;
                }
                let text = text.unwrap_or_else(|error| panic!("{}: {file}: {error}", self.place(block.line)));
                assert!(contains(lines, &text), "{}: not in {file}, which has\n{text}", self.place(block.line));
            }
        }
    }

    fn exchange(&mut self, Exchange { line, command, output }: &Exchange, eventually: bool) {
        let command = self.localised(command);
        if !eventually {
            let printed = match self.session.run(&command) {
                Ok(printed) => self.as_on_page(&printed),
                Err(printed) => self.fail(*line, &command, output, &printed),
            };
            if !matches(output, &printed) {
                self.fail(*line, &command, output, &printed);
            }
            return;
        }
        let begin = Instant::now();
        loop {
            let result = self.session.try_run(&command).map(|printed| self.as_on_page(&printed));
            match result {
                Ok(printed) if matches(output, &printed) => return,
                Ok(printed) | Err(printed) if begin.elapsed() > EVENTUALLY => {
                    self.fail(*line, &command, output, &printed)
                }
                _ => thread::sleep(POLL_INTERVAL),
            }
        }
    }

    fn background(&mut self, line: usize, name: &str, script: &str) {
        let up =
            format!("{UP} --no-build --listen {} --state-dir \"$PWD/.spindle\" --env-file \"$PWD/.env\"", self.address);
        let script = self.localised(script).replace(UP, &up);
        self.session.start_background(name, &script);
        if !script.contains(UP) {
            return;
        }
        let (client, begin) = (Client::new(&format!("http://{}", self.address)), Instant::now());
        while !client.try_send("GET", "/readyz", &[], None).is_ok_and(|response| response.status == 200) {
            let output = self.session.background_output(name).unwrap_or_default();
            assert!(begin.elapsed() < READY, "{}: not ready\n{output}", self.place(line));
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn output_of(&self, line: usize, name: &str, lines: &[String]) {
        let begin = Instant::now();
        loop {
            let Some(output) = self.session.background_output(name) else {
                assert!(self.has_skipped, "{}: no background block is named {name}", self.place(line));
                return;
            };
            let output = self.as_on_page(&output);
            if contains(lines, &output) {
                return;
            }
            assert!(begin.elapsed() < EVENTUALLY, "{}: {name} has printed\n{output}", self.place(line));
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Replaces the address on the page with that of the instance.
    fn localised(&self, script: &str) -> String {
        script.replace(ADDRESS, &self.address)
    }

    /// Does the reverse.
    fn as_on_page(&self, output: &str) -> String {
        output.replace(&self.address, ADDRESS)
    }

    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }

    fn fail(&self, line: usize, command: &str, expected: &[String], printed: &str) -> ! {
        let (place, expected) = (self.place(line), expected.join("\n"));
        let log = self.instance.as_ref().map(PageInstance::log).unwrap_or_default();
        let errors: Vec<&str> = log
            .lines()
            .rev()
            .filter(|line| line.starts_with('{') && !line.contains("\"level\":\"info\""))
            .take(10)
            .collect();
        panic!(
            "{place}\n$ {command}--- the page\n{expected}\n--- printed\n{printed}\n--- the host's last warnings\n{}",
            errors.join("\n")
        );
    }
}

/// Returns whether a tool is on this machine.
fn has_tool(tool: &str) -> bool {
    match tool {
        "node" => Language::Js.has_tool(),
        "python" => Language::Python.has_tool(),
        other => Command::new(other).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok(),
    }
}

/// Returns an address that nothing listens on.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound socket has an address").to_string()
}

/// Builds xtask, and returns its path.
fn xtask() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let path = BUILT.get_or_init(|| {
        let workspace = Workspace::locate();
        let mut command = build::cargo(&workspace);
        command.args(["build", "--quiet", "--profile", "host", "--package", "xtask", "--target-dir"]);
        let built = command.arg(workspace.target_dir()).status().expect("cargo starts");
        assert!(built.success(), "xtask does not build");
        workspace.target_dir().join("host/xtask")
    });
    path.clone()
}
