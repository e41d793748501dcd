//! A bash session in which the commands of a page run, one after another.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long a command may take: a build takes minutes.
const TIMEOUT: Duration = Duration::from_secs(900);

/// The variables of this process that a session sees.
const INHERITED: [&str; 9] =
    ["CARGO_HOME", "CARGO_INCREMENTAL", "HOME", "LANG", "PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR", "USER"];

/// A running bash, and the processes that it has started in the background. All of them end when it is dropped.
pub(crate) struct Session {
    bash: Child,
    input: ChildStdin,
    /// The lines that report the end of a command.
    ends: Receiver<String>,
    /// Scripts and outputs.
    files: PathBuf,
    count: usize,
    background: BTreeMap<String, PathBuf>,
}

impl Session {
    /// Starts bash in `folder`. It keeps its files in `files`, and `cargo xtask` runs `xtask`.
    ///
    /// # Panics
    ///
    /// If bash does not start.
    pub(crate) fn start(folder: &Path, files: &Path, xtask: &Path, variables: &[(&'static str, String)]) -> Self {
        Self::start_with(Command::new("bash"), folder, files, xtask, variables)
    }

    /// Does the same with a command that becomes bash with the arguments that are added to it.
    ///
    /// # Panics
    ///
    /// If bash does not start.
    pub(crate) fn start_with(
        mut command: Command,
        folder: &Path,
        files: &Path,
        xtask: &Path,
        variables: &[(&'static str, String)],
    ) -> Self {
        // As on a terminal: no progress meter, which curl shows when its output goes to a file.
        fs::write(files.join(".curlrc"), "silent\nshow-error\n").expect("the folder can be written to");
        command.args(["--noprofile", "--norc"]).current_dir(folder).env_clear().process_group(0);
        command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("CURL_HOME", files).env("XTASK", xtask);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut bash = command.spawn().expect("bash starts");
        let (input, output) = (bash.stdin.take().expect("a pipe"), bash.stdout.take().expect("a pipe"));
        let (sender, ends) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut session = Self { bash, input, ends, files: files.to_owned(), count: 0, background: BTreeMap::new() };
        session
            .write("cargo() { if [ \"$1\" = xtask ]; then shift; \"$XTASK\" \"$@\"; else command cargo \"$@\"; fi; }");
        session.write("set -euo pipefail");
        for (name, value) in variables {
            session.write(&format!("{name}='{value}'"));
        }
        session
    }

    /// Runs `script`, and returns its output if it exits with 0.
    ///
    /// # Errors
    ///
    /// The output, if the script fails. The session has ended then.
    pub(crate) fn run(&mut self, script: &str) -> Result<String, String> {
        let (script, output) = self.file(script);
        self.write(&format!(". {script} > {output} 2>&1 < /dev/null; echo ok"));
        self.end_of(&output)
    }

    /// Does the same, but the session goes on if the script fails.
    ///
    /// # Errors
    ///
    /// The output, if the script fails.
    pub(crate) fn try_run(&mut self, script: &str) -> Result<String, String> {
        let (script, output) = self.file(script);
        self.write(&format!("if . {script} > {output} 2>&1 < /dev/null; then echo ok; else echo failed; fi"));
        self.end_of(&output)
    }

    /// Starts `script` in the background.
    pub(crate) fn start_background(&mut self, name: &str, script: &str) {
        let (script, output) = self.file(script);
        self.write(&format!("( . {script} ) > {output} 2>&1 < /dev/null &"));
        self.background.insert(name.to_owned(), PathBuf::from(output));
    }

    /// Returns what the background script `name` has printed so far; `None` if there is none of that name.
    pub(crate) fn background_output(&self, name: &str) -> Option<String> {
        Some(fs::read_to_string(self.background.get(name)?).unwrap_or_default())
    }

    /// Writes `script` to a file of its own. Returns its path and the path for its output.
    fn file(&mut self, script: &str) -> (String, String) {
        self.count += 1;
        let path = |kind: &str| self.files.join(format!("{}.{kind}", self.count)).to_string_lossy().into_owned();
        fs::write(path("sh"), script).expect("the folder can be written to");
        (path("sh"), path("out"))
    }

    /// Writes a line to bash. One that has ended shows when its answer is waited for.
    fn write(&mut self, line: &str) {
        let _ = writeln!(self.input, "{line}");
    }

    fn end_of(&self, output: &str) -> Result<String, String> {
        let end = self.ends.recv_timeout(TIMEOUT);
        let printed = fs::read_to_string(output).unwrap_or_default();
        match end.as_deref() {
            Ok("ok") => Ok(printed),
            Ok(_) => Err(printed),
            Err(_) => Err(format!("{printed}(the session has ended, or the command took too long)")),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let group = format!("-{}", self.bash.id());
        for signal in ["-TERM", "-KILL"] {
            // The group may be gone.
            let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
            thread::sleep(Duration::from_millis(200));
        }
        let _ = self.bash.wait();
    }
}
