//! `[[trigger.http]]`: its route, its target, and the ids that Spin generates for triggers and inline components. `[[trigger.redis]]`: its
//! channel and its component.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{ComponentEntry, Located, RedisTriggerEntry, TargetEntry, TriggerEntry, component};
use crate::app::document::Value;
use crate::app::{Route, StaticResponse, names};

/// An HTTP trigger that may still lack its id.
pub(super) struct TriggerDraft<'a> {
    pub(super) id: Option<String>,
    route: Route,
    target: TargetDraft<'a>,
}

enum TargetDraft<'a> {
    Reference(Located<'a, String>),
    Inline(Located<'a, Box<ComponentEntry<'a>>>),
    Static(StaticResponse),
}

/// Reads a trigger.
pub(super) fn read(value: Value<'_>) -> Result<TriggerDraft<'_>> {
    let mut table = value.table()?;
    let id = Some(table.string_or_empty("id")?).filter(|id| !id.is_empty());
    let route = route(table.require("route")?)?;
    if let Some(value) = table.take("executor") {
        executor(value)?;
    }
    table.refuse("components")?;
    table.refuse("dependencies")?;
    let target = match (table.take("component"), table.take("static_response")) {
        (Some(value), None) => component_target(value)?,
        (None, Some(value)) => TargetDraft::Static(static_response(value)?),
        (None, None) => {
            return Err(table.position().error("must have either component or static_response: it has neither"));
        }
        (Some(_), Some(value)) => {
            return Err(value.error("a trigger must have either component or static_response: it has both"));
        }
    };
    table.finish()?;
    Ok(TriggerDraft { id, route, target })
}

/// Reads a Redis trigger. Its id is not used, and its component is one of `[component.<id>]`.
pub(super) fn read_redis(value: Value<'_>) -> Result<RedisTriggerEntry<'_>> {
    let mut table = value.table()?;
    let position = table.position().clone();
    table.string_or_empty("id")?;
    let component = Located::string(table.require("component")?)?;
    names::check_kebab(&component.value).map_err(|error| component.position.error(error))?;
    let channel = Located::string(table.require("channel")?)?;
    let address = table.take("address").map(Located::string).transpose()?;
    table.finish()?;
    Ok(RedisTriggerEntry { position, component, channel, address })
}

impl<'a> TriggerDraft<'a> {
    /// Assigns the trigger's id and moves an inline component to the others, under the names that Spin gives them.
    pub(super) fn finish(
        self,
        ids: &mut HashSet<String>,
        components: &mut BTreeMap<String, ComponentEntry<'a>>,
    ) -> Result<TriggerEntry<'a>> {
        let id = self.id.unwrap_or_else(|| {
            let natural = match &self.target {
                TargetDraft::Reference(component) => Some(format!("{}-http-trigger", component.value)),
                TargetDraft::Inline(_) | TargetDraft::Static(_) => None,
            };
            let counted = (1..).map(|count| format!("http-trigger{count}"));
            let id = natural.into_iter().chain(counted).find(|id| !ids.contains(id));
            id.expect("the counter does not end")
        });
        ids.insert(id.clone());
        let target = match self.target {
            TargetDraft::Reference(component) => TargetEntry::Component(component),
            TargetDraft::Static(response) => TargetEntry::Static(response),
            TargetDraft::Inline(Located { value, position }) => {
                let natural = Some(format!("{id}-component")).filter(|id| names::check_kebab(id).is_ok());
                let counted = (1..).map(|count| format!("inline-component{count}"));
                let component = natural.into_iter().chain(counted).find(|id| !components.contains_key(id));
                let component = component.expect("the counter does not end");
                components.insert(component.clone(), *value);
                TargetEntry::Component(Located { value: component, position })
            }
        };
        Ok(TriggerEntry { id, route: self.route, target })
    }
}

fn component_target(value: Value<'_>) -> Result<TargetDraft<'_>> {
    let position = value.position();
    if !value.is_string() {
        return Ok(TargetDraft::Inline(Located { value: Box::new(component::read(value)?), position }));
    }
    let id = value.string()?;
    names::check_kebab(&id).map_err(|error| position.error(error))?;
    Ok(TargetDraft::Reference(Located { value: id, position }))
}

fn route(value: Value<'_>) -> Result<Route> {
    if value.is_string() {
        return Ok(Route::Public(value.string()?));
    }
    let position = value.position();
    let mut table = value.table()?;
    let private = table.require("private")?.boolean()?;
    table.finish()?;
    if private { Ok(Route::Private) } else { Err(position.error("must be a string pattern or { private = true }")) }
}

fn executor(value: Value<'_>) -> Result<()> {
    let mut table = value.table()?;
    let kind = table.require("type")?;
    let position = kind.position();
    match kind.string()?.as_str() {
        "http" | "spin" => table.finish(),
        other => Err(position.error(format_args!("{other:?} is not supported by this host: only \"http\" is"))),
    }
}

fn static_response(value: Value<'_>) -> Result<StaticResponse> {
    let mut table = value.table()?;
    let status = match table.take("status_code") {
        Some(value) => {
            let position = value.position();
            StatusCode::from_u16(value.integer()?).map_err(|_| position.error("is no HTTP status"))?
        }
        None => StatusCode::OK,
    };
    let mut headers = HeaderMap::new();
    if let Some(value) = table.take("headers") {
        for (name, value) in value.table()?.into_entries() {
            let position = value.position();
            let name: HeaderName = name.parse().map_err(|_| position.error("is no name of a header"))?;
            let value: HeaderValue = value.string()?.parse().map_err(|_| position.error("is no value of a header"))?;
            headers.append(name, value);
        }
    }
    let body = Bytes::from(table.string_or_empty("body")?);
    table.finish()?;
    Ok(StaticResponse { status, headers, body })
}
