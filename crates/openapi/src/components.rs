//! What the operations have in common: headers, parameters, problems.

use crate::build::RouteFacts;
use serde_json::{Map, Value, json};
use spindle_contracts::ProblemKind;
use spindle_contracts::problem::TYPE_BASE;
use std::collections::BTreeSet;

/// What holds for every operation, for `info.description`.
pub(crate) const GENERAL: &str = "\
Errors are problem details (RFC 9457). A body is JSON; a member that is not described is refused. Money is an integer number of minor units beside \
an ISO 4217 code. Times are RFC 3339 in UTC.

What is described here stays as it is within the major version. It may grow: new operations, new optional parameters and members of requests, new \
members of responses, new response headers, new values of enumerations in responses, and new types of problems are no breaking change. A client ignores \
what it does not know.";

/// Visible ASCII with a meaning in no header, or a string of structured fields (RFC 8941, section 3.3.3).
const IDEMPOTENCY_KEY: &str = r#"^([!#-+\--:<-\[\]-~]{1,255}|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#;

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// `*`, or entity tags in double quotes (RFC 9110, section 8.8.3).
const ENTITY_TAGS: &str = r#"^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$"#;

/// Returns the request headers that several operations take.
pub(crate) fn parameters() -> Value {
    let header = |name: &str, required: bool, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": required, "description": description, "schema": schema });
    let tags = json!({ "type": "string", "minLength": 1, "pattern": ENTITY_TAGS, "examples": ["\"v3\""] });
    json!({
        "IfMatchRequired": header(
            "If-Match",
            true,
            "The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.",
            tags.clone(),
        ),
        "IfMatch": header(
            "If-Match",
            false,
            "Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).",
            tags.clone(),
        ),
        "IfNoneMatch": header(
            "If-None-Match",
            false,
            "Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.",
            json!({ "type": "string", "examples": ["\"v3\""] }),
        ),
        "IfNoneMatchOfChange": header(
            "If-None-Match",
            false,
            "Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).",
            tags,
        ),
        "IdempotencyKey": header(
            "Idempotency-Key",
            true,
            "A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response.",
            json!({ "type": "string", "pattern": IDEMPOTENCY_KEY }),
        ),
        "OptionalIdempotencyKey": header(
            "Idempotency-Key",
            false,
            "A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). With it, a repetition with the same key and body within 24 hours gets the stored response.",
            json!({ "type": "string", "pattern": IDEMPOTENCY_KEY }),
        ),
    })
}

/// Returns the response headers that several operations have.
pub(crate) fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let text = || json!({ "type": "string" });
    json!({
        "X-Request-Id": header("The id of the request: the client's `X-Request-Id` if it is a sane token, else a new one. The log has it.", text()),
        "ETag": header("The entity tag of this version of the resource (RFC 9110, section 8.8.3).", json!({ "type": "string", "pattern": "^\".*\"$" })),
        "Location": header("The address of the resource (RFC 9110, section 10.2.2).", json!({ "type": "string", "format": "uri-reference" })),
        "Link": header("`rel=\"next\"`: the next page (RFC 8288).", text()),
        "RateLimit": header("What the client may still ask for (draft-ietf-httpapi-ratelimit-headers).", text()),
        "RateLimit-Policy": header("The limit that counts the request (draft-ietf-httpapi-ratelimit-headers).", text()),
        "Retry-After": header("The seconds after which a repetition may succeed (RFC 9110, section 10.2.3).", json!({ "type": "integer", "minimum": 0 })),
        "Idempotency-Replayed": header("`true` if the response was stored by an earlier request with the same `Idempotency-Key`.", json!({ "type": "string", "enum": ["true"] })),
        "Deprecation": header("The time since which the operation is deprecated (RFC 9745).", text()),
        "Sunset": header("The time at which the operation ends (RFC 8594).", text()),
        "WWW-Authenticate": header("What the request lacks (RFC 6750, section 3; RFC 9470).", text()),
        "Cache-Control": header("Who may store the response, and how long (RFC 9111).", text()),
        "Cache-Status": header("Whether the response came from the cache of the service (RFC 9211).", text()),
        "Content-Disposition": header("The name under which to save the document (RFC 6266).", text()),
        "Accept-Encoding": header("The content codings that the operation takes (RFC 9110, section 12.5.3).", text()),
    })
}

/// Returns references to the response headers `named` (with whether each response has it) and to those that the route implies.
pub(crate) fn header_references(route: &RouteFacts, named: &[(&str, bool)]) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    let mut refer =
        |name: &str| headers.insert(name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    refer("X-Request-Id");
    if route.rate_class.is_some() {
        refer("RateLimit");
        refer("RateLimit-Policy");
    }
    if route.is_deprecated {
        refer("Deprecation");
        refer("Sunset");
    }
    for (name, _) in named {
        refer(name);
    }
    // A header that each such response has is required, which a reference cannot say.
    for (name, _) in named.iter().filter(|(_, is_always)| *is_always) {
        let mut header = self::headers()[*name].clone();
        header["required"] = true.into();
        headers.insert((*name).to_owned(), header);
    }
    headers.into()
}

/// Returns the responses that several operations have.
pub(crate) fn responses() -> Value {
    let mut responses: Map<String, Value> = ProblemKind::ALL
        .iter()
        .map(|kind| (response_name(*kind), problem_response(&[ProblemCase::implied(*kind)], std::iter::empty())))
        .collect();
    let not_modified = json!({
        "description": "The client has the current version.",
        "headers": {
            "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" },
            "ETag": { "$ref": "#/components/headers/ETag" },
        },
    });
    responses.insert("NotModified".to_owned(), not_modified);
    responses.into()
}

/// A kind of problem that an operation has.
pub(crate) struct ProblemCase<'o> {
    pub(crate) kind: ProblemKind,
    /// The situation, if the operation has one of its own.
    pub(crate) when: Option<&'o str>,
    /// The name of the schema.
    pub(crate) schema: String,
}

impl ProblemCase<'_> {
    /// Makes the case of a kind that follows from what the operation takes.
    pub(crate) fn implied(kind: ProblemKind) -> Self {
        Self { kind, when: None, schema: problem_name(kind) }
    }

    fn reference(&self) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", self.schema) })
    }
}

/// Returns the response with one of these problems.
pub(crate) fn problem_response<'e>(
    cases: &[ProblemCase<'_>],
    examples: impl Iterator<Item = (&'e str, &'e Value)>,
) -> Value {
    let lines = cases.iter().map(|ProblemCase { kind, when, .. }| match when {
        Some(when) => format!("- `{}`: {when}", kind.name()),
        None => format!("- `{}`: {}", kind.name(), kind.description()),
    });
    let description = match cases {
        [ProblemCase { kind, when: None, .. }] => kind.description().to_owned(),
        [ProblemCase { kind, when: Some(when), .. }] => format!("`{}`: {when}", kind.name()),
        _ => lines.collect::<Vec<_>>().join("\n"),
    };
    let schema = match cases {
        [case] => case.reference(),
        several => {
            let mapping: Map<String, Value> =
                several.iter().map(|case| (uri(case.kind), case.reference()["$ref"].clone())).collect();
            let alternatives: Vec<Value> = several.iter().map(ProblemCase::reference).collect();
            json!({ "oneOf": alternatives, "discriminator": { "propertyName": "type", "mapping": mapping } })
        }
    };
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    let status = cases.first().map_or(0, |case| case.kind.status());
    let implied: &[&str] = match status {
        401 => &["WWW-Authenticate"],
        429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
        503 => &["Retry-After"],
        415 => &["Accept-Encoding"],
        _ => &[],
    };
    for name in implied {
        headers[*name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
    let mut content = json!({ "schema": schema });
    let examples: Map<String, Value> =
        examples.map(|(name, value)| (name.to_owned(), json!({ "value": value }))).collect();
    if !examples.is_empty() {
        content["examples"] = examples.into();
    }
    json!({ "description": description, "headers": headers, "content": { PROBLEM_JSON: content } })
}

/// Returns the schema of every problem.
pub(crate) fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457). `type` says which rule was broken, `detail` what happened this time.",
        "required": ["type", "title", "status", "detail", "instance", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "The type of the problem, which never changes its meaning." },
            "title": { "type": "string", "description": "The name of the type, the same in every occurrence." },
            "status": { "type": "integer", "description": "The status of the response." },
            "detail": { "type": "string", "description": "What happened this time, for a person." },
            "instance": { "type": "string", "format": "uri-reference", "description": "The path of the request." },
            "request_id": { "type": "string", "description": "The id of the request, which the log has." },
            "errors": {
                "type": "array",
                "items": { "$ref": "#/components/schemas/FieldError" },
                "description": "Every rule that the request breaks, with the place of each.",
            },
        },
    })
}

/// Returns the schema of the problems of `kind`, which have these members of their own.
pub(crate) fn problem_of(kind: ProblemKind, members: Option<Value>) -> Value {
    let mut own = json!({
        "type": "object",
        "properties": { "type": { "const": uri(kind) }, "title": { "const": kind.title() }, "status": { "const": kind.status() } },
    });
    if let Some(members) = members {
        for (name, schema) in members["properties"].as_object().into_iter().flatten() {
            own["properties"][name] = schema.clone();
        }
        if let Some(required) = members.get("required") {
            own["required"] = required.clone();
        }
    }
    json!({ "description": kind.description(), "allOf": [{ "$ref": "#/components/schemas/Problem" }, own] })
}

/// Returns how requests are authenticated.
pub(crate) fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of `POST /v1/auth/login` or `/v1/auth/refresh` (RFC 6750, RFC 9068). An operation names the least role of its callers: `customer`, `operator` or `admin`.",
        },
    })
}

/// The URI of a kind of problem.
pub(crate) fn uri(kind: ProblemKind) -> String {
    format!("{TYPE_BASE}{}", kind.name())
}

/// The name of the schema of a kind of problem.
pub(crate) fn problem_name(kind: ProblemKind) -> String {
    format!("{}Problem", response_name(kind))
}

/// The name of the response with a kind of problem: `price-changed` is `PriceChanged`.
pub(crate) fn response_name(kind: ProblemKind) -> String {
    let words = kind.name().split('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]);
    words.collect()
}

/// Removes the components that nothing refers to.
pub(crate) fn remove_unused(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(document, &mut used);
        let mut removed = false;
        for (group, components) in document["components"].as_object_mut().into_iter().flatten() {
            if group == "securitySchemes" {
                continue;
            }
            let Some(components) = components.as_object_mut() else { continue };
            let before = components.len();
            components.retain(|name, _| used.contains(&format!("#/components/{group}/{name}")));
            removed |= components.len() < before;
        }
        if !removed {
            return;
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => drop(found.insert(target.clone())),
                    member => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
