//! The work of components, read from the trace of the host (crates/host/src/trace.rs).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// The call with which a component responds.
const RESPONSE: &str = "types [static]response-outparam.set";

/// The number of each kind of work. The first that differs decides which is less.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    /// Requests to components and to the network.
    pub(crate) requests: usize,
    pub(crate) statements: usize,
    /// Statements that end a write transaction, their own or an open one: each waits for the disk.
    pub(crate) commits: usize,
    /// Calls of the host's interfaces, statements among them. The trace has neither drops of resources nor the call that sends a request.
    pub(crate) host_calls: usize,
}

/// A kind of [`Counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Requests,
    Statements,
    Commits,
    HostCalls,
}

/// One step of a run of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    /// The number of the run, unique in its host.
    run: u64,
    component: String,
    /// The request that it handles: `POST /v1/orders`.
    request: String,
    action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Action {
    Begins,
    Ends,
    Request(String),
    Statement { sql: String, commits: bool },
    Call(String),
}

/// The work of all components in a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work(Vec<Step>);

impl Counts {
    /// Returns the number of `kind`.
    pub(crate) fn of(self, kind: Kind) -> usize {
        match kind {
            Kind::Requests => self.requests,
            Kind::Statements => self.statements,
            Kind::Commits => self.commits,
            Kind::HostCalls => self.host_calls,
        }
    }
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Requests, Self::Statements, Self::Commits, Self::HostCalls];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requests => "requests",
            Self::Statements => "statements",
            Self::Commits => "commits",
            Self::HostCalls => "host calls",
        })
    }
}

impl Work {
    /// Reads the work in the complete lines of `log`.
    pub(crate) fn read(log: &str) -> Self {
        let complete = log.rfind('\n').map_or("", |end| &log[..end]);
        Self(complete.lines().filter_map(step).collect())
    }

    /// Returns whether there are runs, and all of them have ended.
    pub(crate) fn is_complete(&self) -> bool {
        let runs = |action: &Action| -> BTreeSet<u64> {
            self.0.iter().filter(|step| step.action == *action).map(|step| step.run).collect()
        };
        let begun = runs(&Action::Begins);
        !begun.is_empty() && begun == runs(&Action::Ends)
    }

    /// Returns the work before the response of the first run of `component` for `request`.
    ///
    /// # Panics
    ///
    /// If there is no such response.
    pub(crate) fn until_response(&self, component: &str, request: &str) -> Self {
        let response = Action::Call(RESPONSE.to_owned());
        let is_response =
            |step: &Step| step.action == response && step.component == component && step.request == request;
        let end = self.0.iter().position(is_response);
        Self(self.0[..end.unwrap_or_else(|| panic!("{component} did not respond to {request}"))].to_vec())
    }

    /// Returns the runs of `component` for `request`, each without those of other components, in the order in which they began.
    pub(crate) fn runs(&self, component: &str, request: &str) -> Vec<Self> {
        let of_them = |step: &&Step| step.component == component && step.request == request;
        let begun: Vec<u64> =
            self.0.iter().filter(of_them).filter(|step| step.action == Action::Begins).map(|step| step.run).collect();
        begun.iter().map(|run| Self(self.0.iter().filter(|step| step.run == *run).cloned().collect())).collect()
    }

    pub(crate) fn counts(&self) -> Counts {
        let [requests, statements, commits, host_calls] = Kind::ALL.map(|kind| self.of(kind).count());
        Counts { requests, statements, commits, host_calls }
    }

    /// Returns the work of `kind`, a line for each component and text, with the number of times.
    pub(crate) fn list(&self, kind: Kind) -> String {
        let mut times = BTreeMap::<(&str, &str), usize>::new();
        for (component, text) in self.of(kind) {
            *times.entry((component, text)).or_default() += 1;
        }
        let line = |((component, text), times): (&(&str, &str), &usize)| format!("{times:>5} x {component}: {text}\n");
        times.iter().map(line).collect()
    }

    /// Returns the component of each statement.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &str> {
        self.of(Kind::Statements).map(|(component, _)| component)
    }

    /// Returns component and text of each piece of work of `kind`.
    fn of(&self, kind: Kind) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(move |step| {
            let text = match (&step.action, kind) {
                (Action::Request(text), Kind::Requests) | (Action::Call(text), Kind::HostCalls) => text,
                (Action::Statement { sql, .. }, Kind::Statements)
                | (Action::Statement { sql, commits: true }, Kind::Commits) => sql,
                _ => return None,
            };
            Some((step.component.as_str(), text.as_str()))
        })
    }
}

/// Reads the step in a line of the log, if it has one.
fn step(line: &str) -> Option<Step> {
    let (_, run) = line.split_once(" guest{run=")?;
    let (run, component) = run.split_once(" component=\"")?;
    let (component, request) = component.split_once("\" work=\"")?;
    let (request, rest) = request.split_once("\"}:")?;
    let action = match rest.strip_prefix("wit-bindgen import{module=\"") {
        None => event(rest.trim_start())?,
        Some(import) => {
            let (module, import) = import.split_once("\" function=\"")?;
            let (function, rest) = import.split_once("\"}: ")?;
            match rest.split_once(' ').unwrap_or((rest, "")) {
                ("call", _) => Action::Call(format!("{module} {function}")),
                _ => event(rest)?,
            }
        }
    };
    Some(Step { run: run.parse().ok()?, component: component.to_owned(), request: request.to_owned(), action })
}

/// Reads an event that the host itself traces.
fn event(text: &str) -> Option<Action> {
    match text.split_once(' ') {
        None if text == "begins" => Some(Action::Begins),
        None if text == "ends" => Some(Action::Ends),
        Some(("request", fields)) => Some(Action::Request(fields.strip_prefix("method=")?.replacen(" uri=", " ", 1))),
        Some(("statement", fields)) => {
            let (commits, sql) = fields.strip_prefix("commits=")?.split_once(" sql=\"")?;
            let sql = sql.strip_suffix('"')?.replace("\\n", " ").replace("\\\"", "\"");
            let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(Action::Statement { sql, commits: commits == "true" })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Kind, Work};

    fn log(events: &[(u64, &str, &str)]) -> String {
        let line = |(run, component, event): &(u64, &str, &str)| {
            format!(
                "2026-11-30T00:00:00.000001Z TRACE guest{{run={run} component=\"{component}\" work=\"GET /x\"}}{event}\n"
            )
        };
        events.iter().map(line).collect()
    }

    #[test]
    fn work_is_read_by_component_and_kind() {
        let execute = ":wit-bindgen import{module=\"sqlite\" function=\"[method]connection.execute\"}: ";
        let call = format!("{execute}call self_=Resource {{ rep: 1 }} statement=\"DELETE\" parameters=\"...\"");
        let statement = format!(r#"{execute}statement commits=true sql="DELETE\n  FROM \"x\"""#);
        let response =
            ":wit-bindgen import{module=\"types\" function=\"[static]response-outparam.set\"}: call response=Ok";
        let log = log(&[
            (1, "orders", ": begins"),
            (1, "orders", ": request method=POST uri=http://catalog.spin.internal/y"),
            (2, "catalog", ": begins"),
            (2, "catalog", &call),
            (2, "catalog", &statement),
            (2, "catalog", &format!("{execute}return result=Ok(\"...\")")),
            (2, "catalog", ": ends"),
            (1, "orders", response),
            (1, "orders", &call),
        ]);
        let work = Work::read(&format!("{log}a line of a component\n"));
        assert_eq!(work.counts(), Counts { requests: 1, statements: 1, commits: 1, host_calls: 3 });
        assert_eq!(work.until_response("orders", "GET /x").counts().host_calls, 1);
        assert_eq!(work.list(Kind::Requests), "    1 x orders: POST http://catalog.spin.internal/y\n");
        assert_eq!(work.list(Kind::Commits), "    1 x catalog: DELETE FROM \"x\"\n");
        let runs: Vec<Counts> = work.runs("catalog", "GET /x").iter().map(Work::counts).collect();
        assert_eq!(runs, [Counts { requests: 0, statements: 1, commits: 1, host_calls: 1 }]);
    }

    #[test]
    fn work_is_complete_once_each_run_has_ended() {
        let begun = log(&[(1, "orders", ": begins"), (2, "users", ": begins"), (1, "orders", ": ends")]);
        let ended = begun.clone() + &log(&[(2, "users", ": ends")]);
        // The last line may not be written to its end.
        let cut = &ended[..ended.len() - 1];
        let complete = ["", &begun, cut, &ended].map(|log| Work::read(log).is_complete());
        assert_eq!(complete, [false, false, false, true]);
    }
}
