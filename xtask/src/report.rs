//! What `cargo xtask up` prints once everything runs.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::application::Application;
use crate::seed::DemoUser;

/// Everything the report tells.
#[derive(Debug)]
pub struct Report<'a> {
    /// Where the application answers.
    pub url: &'a str,
    /// From the host's start until it was ready.
    pub took: Duration,
    /// What runs.
    pub application: &'a Application,
    /// The folder of the databases.
    pub state_dir: PathBuf,
    /// The file of the development secrets, and the variables it holds.
    pub env_file: PathBuf,
    /// One of the users, if there are any.
    pub user: Option<&'a DemoUser>,
    /// Makes the e-mail address in the first curl line a new one each time.
    pub nonce: &'a str,
}

impl Report<'_> {
    /// The report, ready to print.
    pub fn text(&self) -> String {
        let mut text =
            format!("\nSpindle runs on {} (ready in {:.1} s). Ctrl-C stops it.\n\n", self.url, self.took.as_secs_f64());
        self.components(&mut text);
        self.credentials(&mut text);
        for line in self.curl_lines() {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str(
            "\nwarning: there is no authentication yet: whoever reaches this address can read and change every user\n",
        );
        text
    }

    fn components(&self, text: &mut String) {
        let mut rows = vec![["component".to_owned(), "route".to_owned(), "database".to_owned()]];
        for component in &self.application.components {
            let databases = match component.databases.as_slice() {
                [] => "-".to_owned(),
                labels => labels.join(", "),
            };
            rows.push([component.id.clone(), component.routes.join(" "), databases]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let (first, second) = (width(0), width(1));
        for [component, route, database] in &rows {
            let _ = writeln!(text, "  {component:first$}  {route:second$}  {database}");
        }
    }

    fn credentials(&self, text: &mut String) {
        let names: Vec<String> =
            self.application.required_secrets.iter().map(|name| crate::secrets::env_name(name)).collect();
        let _ = writeln!(text, "\n  data     {}", self.state_dir.display());
        let _ = writeln!(text, "  secrets  {} (development only): {}", self.env_file.display(), names.join(", "));
        if let Some(user) = self.user {
            let _ = writeln!(text, "  user     {} {}", user.email, user.id);
        }
        text.push('\n');
    }

    /// Lines that create, read and change a user when pasted; the last two only if there is a user.
    fn curl_lines(&self) -> Vec<String> {
        let (url, nonce) = (self.url, self.nonce);
        let json = "-H 'content-type: application/json'";
        let mut lines = vec![format!(
            r#"curl -i {url}/v1/users {json} -d '{{"email":"linus-{nonce}@example.com","display_name":"Linus"}}'"#
        )];
        if let Some(DemoUser { id, etag, .. }) = self.user {
            lines.push(format!("curl -i {url}/v1/users/{id}"));
            lines.push(format!(
                r#"curl -i -X PATCH {url}/v1/users/{id} {json} -H 'if-match: {etag}' -d '{{"locale":"de-DE"}}'"#
            ));
        }
        lines
    }
}
