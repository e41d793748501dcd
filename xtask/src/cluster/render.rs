//! Renders the chart per scenario, and checks what comes out: `helm lint`, the golden files, and strict schemas of every resource.
//!
//! A scenario is a file of values in `deploy/chart/tests/scenarios`; if the chart has values of the same name (`values-production.yaml`), it adds to
//! these.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::go;
use crate::suite::UPDATE;
use crate::workspace::Workspace;

/// The release and the namespace that scenarios are rendered for.
pub const RELEASE: &str = "shop";

/// The program to render with, instead of the `helm` on PATH.
pub const HELM_BIN: &str = "HELM_BIN";

/// The release of Kubernetes whose schemas the resources have to match.
const KUBERNETES: &str = "v1.36.0";

/// The resources whose text comes from files that other tests compare: a golden file has one line for each.
const FROM_FILES: [&str; 2] = ["kind: PrometheusRule", "-dashboards\n"];

/// Returns the folder of the chart.
pub fn chart(workspace: &Workspace) -> PathBuf {
    workspace.root().join("deploy/chart")
}

/// A program that renders charts.
#[derive(Clone, Debug)]
pub enum Helm {
    /// Helm itself.
    Program(PathBuf),
    /// The Python package of its SDK, which is there within seconds: `tools/chart/helm.py` and the Python to run it with.
    Sdk {
        /// The Python of the virtual environment.
        python: PathBuf,
        /// The script.
        script: PathBuf,
    },
}

impl Helm {
    /// Returns the program that `HELM_BIN` names, or `helm` on PATH; else the SDK, which this installs; `None` without Python as well.
    ///
    /// # Errors
    ///
    /// If the SDK cannot be installed.
    pub fn find(workspace: &Workspace) -> Result<Option<Self>> {
        match std::env::var_os(HELM_BIN) {
            Some(program) => Ok(Some(Self::Program(program.into()))),
            None if runs("helm", &["version"]) => Ok(Some(Self::Program("helm".into()))),
            None => Self::sdk(workspace),
        }
    }

    /// Returns the SDK, which this installs where it is missing; `None` without Python.
    ///
    /// # Errors
    ///
    /// If it cannot be installed.
    pub fn sdk(workspace: &Workspace) -> Result<Option<Self>> {
        let script = workspace.root().join("tools/chart/helm.py");
        Ok(venv(workspace)?.map(|venv| Self::Sdk { python: venv.join("bin/python"), script }))
    }

    /// Returns the resources of the chart with the files of `values`, each as the text of one document, ordered by template, kind and name.
    ///
    /// # Errors
    ///
    /// If the chart refuses the values: the message is Helm's.
    pub fn template(&self, chart: &Path, values: &[PathBuf]) -> Result<Vec<String>> {
        let mut helm = self.command("template");
        helm.arg(RELEASE).arg(chart).args(["--namespace", RELEASE]);
        let mut documents = documents(&run(with_values(&mut helm, values))?);
        documents.sort_by_cached_key(|document| {
            ["# Source: ", "kind: ", "  name: "].map(|field| value_of(document, field).unwrap_or_default().to_owned())
        });
        Ok(documents)
    }

    /// Runs `helm lint --strict` on the chart with the files of `values`.
    ///
    /// # Errors
    ///
    /// If it finds a fault.
    pub fn lint(&self, chart: &Path, values: &[PathBuf]) -> Result<()> {
        let mut helm = self.command("lint");
        run(with_values(helm.arg(chart).arg("--strict"), values)).map(|_| ())
    }

    fn command(&self, task: &str) -> Command {
        let mut command = match self {
            Self::Program(program) => Command::new(program),
            Self::Sdk { python, script } => {
                let mut command = Command::new(python);
                command.arg(script);
                command
            }
        };
        command.arg(task);
        command
    }
}

fn with_values<'c>(command: &'c mut Command, values: &[PathBuf]) -> &'c mut Command {
    values.iter().fold(command, |command, file| command.arg("--values").arg(file))
}

/// Returns the value of the first line of `document` that begins with `field`.
fn value_of<'d>(document: &'d str, field: &str) -> Option<&'d str> {
    document.lines().find_map(|line| line.strip_prefix(field))
}

/// Splits a stream of YAML documents, and leaves out what has no line but comments.
fn documents(stream: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in stream.lines() {
        if line.trim_end() == "---" {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line.trim_end());
            document.push('\n');
        }
    }
    let has_content = |document: &String| document.lines().any(|line| !line.is_empty() && !line.starts_with('#'));
    documents.retain(has_content);
    for document in &mut documents {
        *document = format!("{}\n", document.trim());
    }
    documents
}

/// A scenario of the golden files.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name of its file.
    pub name: String,
    /// The files of values, in their order.
    pub values: Vec<PathBuf>,
    /// The file with what it renders to.
    pub golden: PathBuf,
}

/// Returns the scenarios, by name.
///
/// # Errors
///
/// If their folder cannot be read.
pub fn scenarios(workspace: &Workspace) -> Result<Vec<Scenario>> {
    let chart = chart(workspace);
    let folder = chart.join("tests/scenarios");
    let mut scenarios = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let file = entry?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let shared = Some(chart.join(format!("values-{name}.yaml"))).filter(|file| file.exists());
        let golden = chart.join(format!("tests/golden/{name}.yaml"));
        scenarios.push(Scenario { name, values: shared.into_iter().chain([file]).collect(), golden });
    }
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scenarios)
}

/// Returns the text of a golden file for `documents`: one whose text is compared elsewhere is one line.
pub fn golden(documents: &[String]) -> String {
    let short = |document: &String| {
        let is_from_files = FROM_FILES.iter().any(|mark| document.contains(mark));
        let first = |field| value_of(document, field).unwrap_or_default();
        if is_from_files {
            format!(
                "# Source: {}\n# The {} {} has files of observability/.\n",
                first("# Source: "),
                first("kind: "),
                first("  name: ")
            )
        } else {
            document.clone()
        }
    };
    documents.iter().map(|document| format!("---\n{}", short(document))).collect()
}

/// Compares `documents` with the golden file of `scenario`, or writes it.
///
/// # Errors
///
/// If they differ: the message has the first line that does.
pub fn compare(scenario: &Scenario, documents: &[String], update: bool) -> Result<()> {
    let text = golden(documents);
    if update {
        fs::write(&scenario.golden, &text).with_context(|| format!("cannot write {}", scenario.golden.display()))?;
    }
    let expected = fs::read_to_string(&scenario.golden).unwrap_or_default();
    let lines = expected.lines().zip(text.lines()).enumerate().find(|(_, (expected, line))| expected != line);
    let place = lines.map(|(index, (expected, line))| format!(" (line {}: {expected:?} is now {line:?})", index + 1));
    let file = scenario.golden.display();
    ensure!(expected == text, "{file} is another one{}; {UPDATE}=1 writes it", place.unwrap_or_default());
    Ok(())
}

/// Checks the chart without a cluster, and returns what it left out for want of a program.
///
/// # Errors
///
/// If `helm lint` finds a fault, a scenario renders to something else than its golden file, or a schema refuses a resource.
pub fn check(workspace: &Workspace) -> Result<Vec<&'static str>> {
    let Some(helm) = Helm::find(workspace)? else {
        return Ok(vec!["the chart: it needs helm, or python3 with its module venv"]);
    };
    let validator = Validator::find(workspace)?;
    let chart = chart(workspace);
    for scenario in scenarios(workspace)? {
        let checked = || -> Result<()> {
            helm.lint(&chart, &scenario.values)?;
            let documents = helm.template(&chart, &scenario.values)?;
            compare(&scenario, &documents, false)?;
            validator.as_ref().map_or(Ok(()), |validator| validator.check(&documents))
        };
        checked().with_context(|| format!("the scenario {} of the chart", scenario.name))?;
    }
    let missing = "the schemas of the chart's resources: they need kubeconform or Go, and python3 with its module venv";
    Ok(validator.map_or(vec![missing], |_| Vec::new()))
}

/// Validates resources against strict schemas: Kubernetes' own, from a Python package, and ours of the fields that the chart sets in the resources
/// of others, in `deploy/chart/tests`.
#[derive(Debug)]
pub struct Validator {
    kubeconform: PathBuf,
    locations: Vec<String>,
}

impl Validator {
    /// Returns a validator, whose schemas and program this installs where they are missing; `None` without Python, or without kubeconform and Go.
    ///
    /// # Errors
    ///
    /// If something cannot be installed.
    pub fn find(workspace: &Workspace) -> Result<Option<Self>> {
        let kubeconform = if runs("kubeconform", &["-v"]) {
            Some("kubeconform".into())
        } else {
            go::program(workspace, "kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform")?
        };
        let (Some(kubeconform), Some(venv)) = (kubeconform, venv(workspace)?) else {
            return Ok(None);
        };
        let tests = chart(workspace).join("tests");
        let location = |folder: PathBuf, name: &str| folder.join(name).to_string_lossy().into_owned();
        let locations = vec![
            location(schemas(&venv)?, "{{.ResourceKind}}{{.KindSuffix}}.json"),
            location(tests.join("schemas"), "{{.ResourceKind}}.json"),
            location(tests, "{{.ResourceKind}}.schema.json"),
        ];
        Ok(Some(Self { kubeconform, locations }))
    }

    /// Checks each of `documents`.
    ///
    /// # Errors
    ///
    /// If one has a field that its schema does not, lacks a required one, has a value of another type, or has no schema.
    pub fn check(&self, documents: &[String]) -> Result<()> {
        ensure!(!documents.is_empty(), "there is nothing to validate");
        // It reads no others.
        let mut file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
        for document in documents {
            std::io::Write::write_all(&mut file, format!("---\n{document}").as_bytes())?;
        }
        let mut kubeconform = Command::new(&self.kubeconform);
        for location in &self.locations {
            kubeconform.args(["-schema-location", location]);
        }
        let summary = run(kubeconform.args(["-strict", "-summary"]).arg(file.path()))?;
        let all = format!("Valid: {}, Invalid: 0, Errors: 0, Skipped: 0", documents.len());
        ensure!(summary.contains(&all), "kubeconform left some out: {}", summary.trim());
        Ok(())
    }
}

/// Returns the virtual environment with the packages of `tools/chart/requirements.txt`; `None` if Python or its module venv is missing.
fn venv(workspace: &Workspace) -> Result<Option<PathBuf>> {
    if !runs("python3", &["-c", "import ensurepip, venv"]) {
        return Ok(None);
    }
    let venv = workspace.target_dir().join("tools/chart");
    let requirements = workspace.root().join("tools/chart/requirements.txt");
    let (pinned, installed) = (fs::read(&requirements)?, venv.join("installed.txt"));
    if fs::read(&installed).ok().as_ref() != Some(&pinned) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        // Their own dependencies are for what is not used here.
        let mut pip = Command::new(venv.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r"]);
        run(pip.arg(&requirements))?;
        fs::write(&installed, pinned)?;
    }
    Ok(Some(venv))
}

/// Returns the folder with the schemas of Kubernetes in the form that kubeconform reads: those of the package name each other by URLs that nothing
/// serves.
fn schemas(venv: &Path) -> Result<PathBuf> {
    let folder = venv.join("schemas");
    if folder.exists() {
        return Ok(folder);
    }
    let mut python = Command::new(venv.join("bin/python"));
    let site = run(python.args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]))?;
    let package = format!("kubernetes_validate/kubernetes-json-schema/{KUBERNETES}-local-strict");
    let package = Path::new(site.trim()).join(package);
    let unfinished = tempfile::tempdir_in(venv)?;
    for entry in fs::read_dir(&package).with_context(|| format!("cannot read {}", package.display()))? {
        let file = entry?.path();
        let schema = fs::read_to_string(&file)?;
        let schema = schema
            .replace("\"/api/_definitions.json", "\"_definitions.json")
            .replace("\"$id\": \"", "\"$comment\": \"");
        fs::write(unfinished.path().join(file.file_name().unwrap_or_default()), schema)?;
    }
    fs::rename(unfinished.keep(), &folder)?;
    Ok(folder)
}

/// Returns whether `program` is there and runs with `arguments`.
fn runs(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Runs `command`, and returns what it printed to stdout.
fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {command:?}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !output.status.success() {
        bail!("{}", format!("{}{}", text(&output.stdout), text(&output.stderr)).trim());
    }
    Ok(text(&output.stdout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_and_empty_ones_left_out() {
        let stream = "---\n# Source: a\nkind: A\nmetadata:\n  name: x  \n\n---\n# Source: b\n\n---\nkind: B\n";
        assert_eq!(documents(stream), ["# Source: a\nkind: A\nmetadata:\n  name: x\n", "kind: B\n"]);
    }

    #[test]
    fn a_golden_file_leaves_out_what_other_files_have() {
        let rules = "# Source: m.yaml\nkind: PrometheusRule\nmetadata:\n  name: slo\nspec: {}\n".to_owned();
        let text = "---\n# Source: m.yaml\n# The PrometheusRule slo has files of observability/.\n---\nkind: Pod\n";
        assert_eq!(golden(&[rules, "kind: Pod\n".to_owned()]), text);
    }
}
