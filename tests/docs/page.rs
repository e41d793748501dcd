//! Reads a page: its blocks, and the directives before them.
//!
//! A block is run if its fence begins a line and its language is one of these:
//!
//! - `sh`: one script, which must exit with 0. Its output is not compared.
//! - `console`: lines that begin with `$ ` are commands; the lines below a command are its expected output (see `output.rs`). A command continues
//!   on the next line for as long as bash needs more: after a backslash, in an open quote, in a here-document.
//!
//! A directive is an HTML comment in a line of its own before a block: `<!-- docs-test: DIRECTIVE -->`.
//!
//! | directive | meaning |
//! |---|---|
//! | `skip REASON` | does not run the block |
//! | `needs TOOL` | skips the block where the tool (`node`, `python`, `sqlite3`) is missing |
//! | `page needs TOOL` | the same for the whole page |
//! | `eventually` | repeats each command until it prints the expected output |
//! | `background NAME` | starts the block in the background; it ends with the page. A block with `cargo xtask up` starts the page's instance |
//! | `output of NAME` | compares a block of any other language with the output of that background block |
//! | `in FILE` | compares a block of any other language with a part of that file |
//! | `fault NAME` | the instance has that fault when the page begins (see `fault.rs`) |
//! | `repair` | removes the cause of the fault before the block runs |

use std::process::{Command, Stdio};

/// The marker of a directive.
const DIRECTIVE: &str = "<!-- docs-test: ";

/// A page, read.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) blocks: Vec<Block>,
    /// The tools that the whole page needs.
    pub(crate) needs: Vec<String>,
    pub(crate) fault: Option<String>,
}

/// A block that is run or compared.
#[derive(Debug)]
pub(crate) struct Block {
    /// The line of its fence, from 1.
    pub(crate) line: usize,
    pub(crate) action: Action,
    pub(crate) needs: Vec<String>,
    pub(crate) repair: bool,
}

/// What the test does with a block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Runs a script.
    Script(String),
    /// Runs commands, each with its expected output.
    Console { commands: Vec<Exchange>, eventually: bool },
    /// Starts a script in the background.
    Background { name: String, script: String },
    /// Compares the block with the output of a background block.
    OutputOf { name: String, lines: Vec<String> },
    /// Compares the block with a part of a file.
    PartOf { file: String, lines: Vec<String> },
}

/// A command with its expected output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// The line of the command, from 1.
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

impl Page {
    /// Reads a page.
    ///
    /// # Panics
    ///
    /// If a directive is unknown or stands before a block that it does not fit.
    pub(crate) fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut directives: Vec<String> = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            let number = index + 1;
            if let Some(directive) = line.strip_prefix(DIRECTIVE) {
                let directive = directive.trim_end().strip_suffix("-->").expect("a directive ends in its line").trim();
                if let Some(tool) = directive.strip_prefix("page needs ") {
                    page.needs.push(tool.to_owned());
                } else if let Some(fault) = directive.strip_prefix("fault ") {
                    page.fault = Some(fault.to_owned());
                } else {
                    directives.push(directive.to_owned());
                }
            } else if let Some(language) = line.strip_prefix("```") {
                let content: Vec<(usize, &str)> = lines
                    .by_ref()
                    .map(|(index, line)| (index + 1, line))
                    .take_while(|(_, line)| *line != "```")
                    .collect();
                page.blocks.extend(block(number, language, &content, &std::mem::take(&mut directives)));
            } else if !line.trim().is_empty() {
                assert!(directives.is_empty(), "line {number}: {directives:?} stands before no block");
            }
        }
        page
    }

    /// Returns whether a block starts the instance of the page.
    pub(crate) fn starts_instance(&self) -> bool {
        let starts = |block: &Block| matches!(&block.action, Action::Background { script, .. } if script.contains(UP));
        self.blocks.iter().any(starts)
    }

    /// Returns whether a block runs `command`.
    pub(crate) fn runs(&self, command: &str) -> bool {
        self.blocks.iter().any(|block| match &block.action {
            Action::Script(script) | Action::Background { script, .. } => script.contains(command),
            Action::Console { commands, .. } => commands.iter().any(|exchange| exchange.command.contains(command)),
            Action::OutputOf { .. } | Action::PartOf { .. } => false,
        })
    }
}

/// The command that starts an instance.
pub(crate) const UP: &str = "cargo xtask up";

/// The beginning of the commands of the repository.
pub(crate) const XTASK: &str = "cargo xtask";

/// Reads a block; `None` if the test has nothing to do with it.
fn block(line: usize, language: &str, content: &[(usize, &str)], directives: &[String]) -> Option<Block> {
    let text = || content.iter().map(|(_, line)| format!("{line}\n")).collect::<String>();
    let all_lines = || content.iter().map(|(_, line)| (*line).to_owned()).collect();
    let (mut needs, mut repair, mut eventually) = (Vec::new(), false, false);
    let mut action = match language {
        "sh" => Some(Action::Script(text())),
        "console" => Some(Action::Console { commands: exchanges(content), eventually: false }),
        _ => None,
    };
    for directive in directives {
        let (name, argument) = directive.split_once(' ').unwrap_or((directive, ""));
        let argument = argument.to_owned();
        match name {
            "skip" if !argument.is_empty() => return None,
            "needs" => needs.push(argument),
            "repair" => repair = true,
            "eventually" => eventually = true,
            "background" if language == "sh" => action = Some(Action::Background { name: argument, script: text() }),
            "output" if action.is_none() => {
                let name = argument.strip_prefix("of ").expect("output of NAME").to_owned();
                action = Some(Action::OutputOf { name, lines: all_lines() });
            }
            "in" if action.is_none() => action = Some(Action::PartOf { file: argument, lines: all_lines() }),
            _ => panic!("line {line}: a {language} block cannot have the directive {directive:?}"),
        }
    }
    if eventually {
        let Some(Action::Console { eventually, .. }) = &mut action else { panic!("line {line}: not a console block") };
        *eventually = true;
    }
    action.map(|action| Block { line, action, needs, repair })
}

/// Reads the commands of a console block.
fn exchanges(content: &[(usize, &str)]) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut is_complete = true;
    for (line, text) in content {
        match (text.strip_prefix("$ "), exchanges.last_mut()) {
            (_, Some(last)) if !is_complete => {
                last.command.push_str(text);
                last.command.push('\n');
            }
            (Some(command), _) => {
                exchanges.push(Exchange { line: *line, command: format!("{command}\n"), output: Vec::new() });
            }
            (None, Some(last)) => last.output.push((*text).to_owned()),
            (None, None) => panic!("line {line}: a console block begins with `$ `"),
        }
        let last = exchanges.last().expect("the match has added one");
        is_complete = !last.output.is_empty() || complete(&last.command);
    }
    exchanges
}

/// Returns whether bash can parse `command`, and would not wait for another line.
fn complete(command: &str) -> bool {
    if command.trim_end_matches('\n').ends_with('\\') {
        return false;
    }
    let parsed = Command::new("bash").args(["-n", "-c", command]).stdin(Stdio::null()).output().expect("bash starts");
    let complaint = String::from_utf8_lossy(&parsed.stderr);
    // Bash only warns of a here-document without an end.
    parsed.status.success() && !complaint.contains("here-document")
}

#[test]
fn a_command_ends_where_bash_needs_no_more() {
    let text = "# T\n\n```console\n$ A=1\n$ curl -d '{\n    \"a\":1}' \\\n    url\nHTTP/1.1 200 OK\n...\n$ cat <<END\n$ x\nEND\n$ x\n```\n";
    let page = Page::parse(text);
    let [Block { line: 3, action: Action::Console { commands, eventually: false }, .. }] = &page.blocks[..] else {
        panic!("one block: {page:?}")
    };
    let exchange = |line, command: &str, output: &[&str]| Exchange {
        line,
        command: command.to_owned(),
        output: output.iter().map(|line| (*line).to_owned()).collect(),
    };
    let expected = [
        exchange(4, "A=1\n", &[]),
        exchange(5, "curl -d '{\n    \"a\":1}' \\\n    url\n", &["HTTP/1.1 200 OK", "..."]),
        exchange(10, "cat <<END\n$ x\nEND\n", &[]),
        exchange(13, "x\n", &[]),
    ];
    assert_eq!(commands[..], expected);
}

#[test]
fn directives_belong_to_the_next_block() {
    let text = "<!-- docs-test: page needs node -->\n<!-- docs-test: fault dead-letter -->\n\n```sh\ntrue\n```\n\
        <!-- docs-test: skip it takes an hour -->\n```sh\nfalse\n```\n\
        <!-- docs-test: background chat -->\n<!-- docs-test: needs python -->\n\n```sh\nsleep 9\n```\n\
        <!-- docs-test: output of chat -->\n```json\n{}\n```\n<!-- docs-test: in a.js -->\n```js\nb\n```\n\
        <!-- docs-test: repair -->\n<!-- docs-test: eventually -->\n```console\n$ x\n```\n```json\n{}\n```\n";
    let page = Page::parse(text);
    assert_eq!((page.needs.as_slice(), page.fault.as_deref()), (["node".to_owned()].as_slice(), Some("dead-letter")));
    let actions: Vec<&Action> = page.blocks.iter().map(|block| &block.action).collect();
    let lines = |line: &str| vec![line.to_owned()];
    assert_eq!(*actions[0], Action::Script("true\n".to_owned()));
    assert_eq!(*actions[1], Action::Background { name: "chat".to_owned(), script: "sleep 9\n".to_owned() });
    assert_eq!(page.blocks[1].needs, ["python"]);
    assert_eq!(*actions[2], Action::OutputOf { name: "chat".to_owned(), lines: lines("{}") });
    assert_eq!(*actions[3], Action::PartOf { file: "a.js".to_owned(), lines: lines("b") });
    assert!(matches!(actions[4], Action::Console { eventually: true, .. }) && page.blocks[4].repair);
    assert_eq!(actions.len(), 5);
}
