//! `[[trigger.http]]`: its route, who answers, and the ids that Spin makes for triggers and inline components. `[[trigger.redis]]`: its
//! channel, and who hears it.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{At, ComponentEntry, RedisTriggerEntry, TargetEntry, TriggerEntry, component};
use crate::app::document::Value;
use crate::app::{Route, StaticResponse, names};

/// A trigger before it has its id.
pub(super) struct Draft<'a> {
    pub(super) id: Option<String>,
    route: Route,
    target: DraftTarget<'a>,
}

enum DraftTarget<'a> {
    Reference(At<'a, String>),
    Inline(At<'a, Box<ComponentEntry<'a>>>),
    Static(StaticResponse),
}

/// Reads a trigger.
pub(super) fn read(value: Value<'_>) -> Result<Draft<'_>> {
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
        (None, Some(value)) => DraftTarget::Static(static_response(value)?),
        (None, None) => {
            return Err(table.place().error("must have either component or static_response: it has neither"));
        }
        (Some(_), Some(value)) => {
            return Err(value.error("a trigger must have either component or static_response: it has both"));
        }
    };
    table.finish()?;
    Ok(Draft { id, route, target })
}

/// Reads a Redis trigger. Nothing needs its id, and its component is one of `[component.<id>]`.
pub(super) fn read_redis(value: Value<'_>) -> Result<RedisTriggerEntry<'_>> {
    let mut table = value.table()?;
    let place = table.place().clone();
    table.string_or_empty("id")?;
    let component = At::string(table.require("component")?)?;
    names::check_kebab(&component.value).map_err(|error| component.place.error(error))?;
    let channel = At::string(table.require("channel")?)?;
    let address = table.take("address").map(At::string).transpose()?;
    table.finish()?;
    Ok(RedisTriggerEntry { place, component, channel, address })
}

impl<'a> Draft<'a> {
    /// Gives the trigger its id and moves an inline component to the others, with the names Spin gives them.
    pub(super) fn finish(
        self,
        ids: &mut HashSet<String>,
        components: &mut BTreeMap<String, ComponentEntry<'a>>,
    ) -> Result<TriggerEntry<'a>> {
        let id = self.id.unwrap_or_else(|| {
            let natural = match &self.target {
                DraftTarget::Reference(component) => Some(format!("{}-http-trigger", component.value)),
                DraftTarget::Inline(_) | DraftTarget::Static(_) => None,
            };
            let counted = (1..).map(|count| format!("http-trigger{count}"));
            let id = natural.into_iter().chain(counted).find(|id| !ids.contains(id));
            id.expect("the counter does not end")
        });
        ids.insert(id.clone());
        let target = match self.target {
            DraftTarget::Reference(component) => TargetEntry::Component(component),
            DraftTarget::Static(response) => TargetEntry::Static(response),
            DraftTarget::Inline(At { value, place }) => {
                let natural = Some(format!("{id}-component")).filter(|id| names::check_kebab(id).is_ok());
                let counted = (1..).map(|count| format!("inline-component{count}"));
                let component = natural.into_iter().chain(counted).find(|id| !components.contains_key(id));
                let component = component.expect("the counter does not end");
                components.insert(component.clone(), *value);
                TargetEntry::Component(At { value: component, place })
            }
        };
        Ok(TriggerEntry { id, route: self.route, target })
    }
}

fn component_target(value: Value<'_>) -> Result<DraftTarget<'_>> {
    let place = value.place();
    if !value.is_string() {
        return Ok(DraftTarget::Inline(At { value: Box::new(component::read(value)?), place }));
    }
    let id = value.string()?;
    names::check_kebab(&id).map_err(|error| place.error(error))?;
    Ok(DraftTarget::Reference(At { value: id, place }))
}

fn route(value: Value<'_>) -> Result<Route> {
    if value.is_string() {
        return Ok(Route::Public(value.string()?));
    }
    let place = value.place();
    let mut table = value.table()?;
    let private = table.require("private")?.boolean()?;
    table.finish()?;
    if private { Ok(Route::Private) } else { Err(place.error("must be a string pattern or { private = true }")) }
}

fn executor(value: Value<'_>) -> Result<()> {
    let mut table = value.table()?;
    let kind = table.require("type")?;
    let place = kind.place();
    match kind.string()?.as_str() {
        "http" | "spin" => table.finish(),
        other => Err(place.error(format_args!("{other:?} is not supported by this host: only \"http\" is"))),
    }
}

fn static_response(value: Value<'_>) -> Result<StaticResponse> {
    let mut table = value.table()?;
    let status = match table.take("status_code") {
        Some(value) => {
            let place = value.place();
            StatusCode::from_u16(value.integer()?).map_err(|_| place.error("is no HTTP status"))?
        }
        None => StatusCode::OK,
    };
    let mut headers = HeaderMap::new();
    if let Some(value) = table.take("headers") {
        for (name, value) in value.table()?.into_entries() {
            let place = value.place();
            let name: HeaderName = name.parse().map_err(|_| place.error("is no name of a header"))?;
            let value: HeaderValue = value.string()?.parse().map_err(|_| place.error("is no value of a header"))?;
            headers.append(name, value);
        }
    }
    let body = Bytes::from(table.string_or_empty("body")?);
    table.finish()?;
    Ok(StaticResponse { status, headers, body })
}
