//! Templates: literal text with the names of variables in double braces.

use std::fmt;

/// Text with `{{ name }}` expressions, as in component variables and `allowed_outbound_hosts`. There is no escape for `{{`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable(String),
}

/// The error of a template with a `{{` without its `}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid variable template: unmatched '{{{{' in template")]
pub struct UnmatchedBraces;

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// A `{{` without its `}}`.
    pub fn parse(text: &str) -> Result<Self, UnmatchedBraces> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once("{{") {
            let Some((variable, tail)) = tail.split_once("}}") else {
                return Err(UnmatchedBraces);
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(Part::Variable(variable.trim().to_owned()));
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Returns whether the template names no variable.
    pub fn is_literal(&self) -> bool {
        self.variables().next().is_none()
    }

    /// Returns the names of the variables in it, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Variable(name) => Some(name.as_str()),
        })
    }

    /// Returns the text with each variable replaced by the result of `lookup`.
    ///
    /// # Errors
    /// The errors of `lookup`.
    pub fn render<E>(&self, mut lookup: impl FnMut(&str) -> Result<String, E>) -> Result<String, E> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(name) => text.push_str(&lookup(name)?),
            }
        }
        Ok(text)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Literal(literal) => f.write_str(literal),
            Part::Variable(name) => write!(f, "{{{{ {name} }}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> String {
        let template = Template::parse(text).expect("parses");
        template.render(|name| Ok::<_, std::convert::Infallible>(format!("<{name}>"))).expect("cannot fail")
    }

    #[test]
    fn variables_are_replaced_and_the_rest_is_kept() {
        for (text, expected) in [
            ("", ""),
            ("plain { } }} text", "plain { } }} text"),
            ("{{a}}", "<a>"),
            ("x{{ a }}y{{\tb\n}}", "x<a>y<b>"),
            ("{{ a }}{{ b }}", "<a><b>"),
            ("{{}}", "<>"),
            ("{{{ a }}}", "<{ a>}"),
            ("{{ a {{ b }} c }}", "<a {{ b> c }}"),
        ] {
            assert_eq!(render(text), expected, "{text}");
        }
    }

    #[test]
    fn an_unmatched_brace_is_refused() {
        for text in ["{{", "a {{ b }", "{{ a }} {{ b"] {
            assert!(matches!(Template::parse(text), Err(UnmatchedBraces)), "{text}");
        }
    }

    #[test]
    fn rendered_text_is_not_rendered_again() {
        let template = Template::parse("{{ a }}").expect("parses");
        let text = template.render(|_| Ok::<_, std::convert::Infallible>("{{ b }}".to_owned())).expect("cannot fail");
        assert_eq!(text, "{{ b }}");
    }

    #[test]
    fn display_shows_the_template_as_written() {
        assert_eq!(Template::parse("http://{{host}}:80").expect("parses").to_string(), "http://{{ host }}:80");
    }
}
