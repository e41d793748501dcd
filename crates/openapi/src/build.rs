//! Makes the document of one service.

use crate::components::{self, ProblemCase};
use crate::examples::{self, Example};
use crate::operation::{Contract, DeclaredProblem, IdempotencyKey, Operation, Preconditions};
use crate::schemas::{Schemas, without_null};
use serde_json::{Map, Value, json};
use spindle_contracts::ProblemKind::{
    Forbidden, IdempotencyKeyInFlight, IdempotencyKeyMissing, IdempotencyKeyReused, InternalError, MalformedRequest,
    NotFound, NotReady, PayloadTooLarge, PreconditionFailed, PreconditionRequired, PriceChanged, RateLimited,
    RecentLoginRequired, TooMuchUnpaid, Unauthorized, Unavailable, UnsupportedMediaType, ValidationFailed,
};
use spindle_contracts::{FieldError, ProblemKind, Role};
use std::collections::BTreeMap;

/// The version of the API that the documents describe.
const VERSION: &str = "1.0.0";

/// What the route of an operation says of it.
#[derive(Clone, Debug)]
pub struct RouteFacts {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, with `{name}` for a segment that is a parameter.
    pub path: &'static str,
    /// The least role of a caller; `None` if no token is needed.
    pub role: Option<Role>,
    /// The rate class; `None` if its requests are not counted.
    pub rate_class: Option<&'static str>,
    /// The longest body, in bytes.
    pub body_limit: usize,
    /// Whether the operation is deprecated.
    pub is_deprecated: bool,
}

/// Makes the document of a service from its contract and its routes.
///
/// # Panics
///
/// If a route has no operation, or an operation no route.
pub fn build(contract: Contract, routes: &[RouteFacts]) -> Value {
    let Contract { service, description, operations } = contract;
    for route in routes {
        let is_described = operations.iter().any(|operation| is_for(operation, route));
        assert!(
            is_described,
            "{} {} has a route in {service}, and no operation in its contract.rs",
            route.method, route.path
        );
    }
    let mut schemas = Schemas::new();
    // Every problem refers to it.
    schemas.response::<FieldError>();
    let mut problems = BTreeMap::new();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let Some(route) = routes.iter().find(|route| is_for(&operation, route)) else {
            panic!(
                "{} {} has an operation in the contract.rs of {service}, and no route",
                operation.method, operation.path
            );
        };
        let (path, method) = (operation.path, operation.method.to_ascii_lowercase());
        let value = describe(operation, route, service, &mut schemas, &mut problems);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item.as_object_mut().expect("a path item is an object").insert(method, value);
    }
    let mut content = json!({ "paths": paths, "problems": problems });
    let mut definitions = schemas.finish(&mut content);
    for (name, schema) in content["problems"].as_object().expect("they were made above") {
        definitions.insert(name.clone(), schema.clone());
    }
    definitions.insert("Problem".to_owned(), components::problem());
    let mut document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("Spindle: {service}"),
            "version": VERSION,
            "summary": format!("The public operations of the service {service}."),
            "description": components::GENERAL,
            "license": { "name": "Apache-2.0 WITH LLVM-exception", "identifier": "Apache-2.0 WITH LLVM-exception" },
        },
        "servers": [{ "url": "/", "description": "The platform that serves this document." }],
        "tags": [{ "name": service, "description": description }],
        "paths": content["paths"],
        "components": {
            "schemas": definitions,
            "parameters": components::parameters(),
            "headers": components::headers(),
            "responses": components::responses(),
            "securitySchemes": components::security_schemes(),
        },
    });
    components::remove_unused(&mut document);
    document
}

fn is_for(operation: &Operation, route: &RouteFacts) -> bool {
    operation.method == route.method && operation.path == route.path
}

fn describe(
    operation: Operation,
    route: &RouteFacts,
    service: &str,
    schemas: &mut Schemas,
    problems: &mut BTreeMap<String, Value>,
) -> Value {
    let examples = examples::of(operation.id);
    let mut value = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [service],
        "x-rate-class": route.rate_class,
        "x-max-body-bytes": route.body_limit,
    });
    let members = value.as_object_mut().expect("it was made above");
    if !operation.description.is_empty() {
        members.insert("description".to_owned(), operation.description.clone().into());
    }
    if route.is_deprecated {
        members.insert("deprecated".to_owned(), true.into());
    }
    if !operation.is_stable {
        members.insert("x-unstable".to_owned(), true.into());
    }
    let security = match (route.role, operation.optional_role) {
        (Some(role), _) => json!([{ "bearer": [role.name()] }]),
        (None, Some(role)) => json!([{}, { "bearer": [role.name()] }]),
        (None, None) => json!([]),
    };
    members.insert("security".to_owned(), security);
    let parameters = parameters(&operation, schemas);
    if !parameters.is_empty() {
        members.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = &operation.body {
        let mut content = json!({ "schema": (body.schema)(schemas) });
        add_examples(
            &mut content,
            examples.iter().filter(|example| example.status < 400).filter_map(Example::request_body),
        );
        let body = json!({ "description": body.description, "required": body.is_required, "content": { body.media_type: content } });
        members.insert("requestBody".to_owned(), body);
    }
    let responses = responses(&operation, route, &examples, schemas, problems);
    members.insert("responses".to_owned(), responses);
    value
}

/// Adds the examples to a media type object. An example is named as its file.
fn add_examples<'e>(content: &mut Value, examples: impl Iterator<Item = (&'e str, &'e Value)>) {
    let examples: Map<String, Value> =
        examples.map(|(name, value)| (name.to_owned(), json!({ "value": value }))).collect();
    if !examples.is_empty() {
        content["examples"] = examples.into();
    }
}

fn parameters(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let mut parameters = Vec::new();
    for name in operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')) {
        let described = operation.path_parameters.iter().find(|(described, _)| *described == name);
        let mut schema =
            described.map_or_else(|| json!({ "type": "string", "format": "uuid" }), |(_, schema)| schema.clone());
        let description = schema.as_object_mut().and_then(|members| members.remove("description"));
        let description = description.unwrap_or_else(|| format!("The `{name}` of the resource.").into());
        parameters.push(
            json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema }),
        );
    }
    if let Some(query) = operation.query {
        let schema = query(schemas);
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in schema["properties"].as_object().cloned().unwrap_or_default() {
            let mut schema = without_null(schema);
            // An empty parameter is refused: it could select everything.
            if schema["type"] == "string"
                && ["enum", "format", "pattern", "minLength"].iter().all(|rule| schema[*rule].is_null())
            {
                schema["minLength"] = 1.into();
            }
            let description = schema.as_object_mut().and_then(|members| members.remove("description"));
            let mut parameter = json!({
                "name": name, "in": "query", "required": required.contains(&json!(name)), "schema": schema,
            });
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameters.push(parameter);
        }
    }
    for header in &operation.headers {
        parameters.push(json!({
            "name": header.name, "in": "header", "required": header.is_required, "description": header.description,
            "schema": { "type": "string" },
        }));
    }
    let mut refer = |name: &str| parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
    match operation.preconditions {
        Preconditions::None => {}
        Preconditions::Required => refer("IfMatchRequired"),
        Preconditions::Accepted => {
            refer("IfMatch");
            refer(if operation.method == "GET" { "IfNoneMatch" } else { "IfNoneMatchOfChange" });
        }
    }
    match operation.idempotency_key {
        IdempotencyKey::Ignored => {}
        IdempotencyKey::Accepted => refer("OptionalIdempotencyKey"),
        IdempotencyKey::Required => refer("IdempotencyKey"),
    }
    parameters
}

fn responses(
    operation: &Operation,
    route: &RouteFacts,
    examples: &[Example],
    schemas: &mut Schemas,
    problems: &mut BTreeMap<String, Value>,
) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for success in &operation.responses {
        let mut response = json!({ "description": success.description });
        let mut headers = success.headers.clone();
        if operation.idempotency_key != IdempotencyKey::Ignored {
            headers.push(("Idempotency-Replayed", false));
        }
        response["headers"] = components::header_references(route, &headers);
        if let Some((media_type, schema)) = success.content {
            let mut content = json!({ "schema": schema(schemas) });
            let of_status = examples.iter().filter(|example| example.status == success.status);
            add_examples(&mut content, of_status.filter_map(Example::response_body));
            response["content"] = json!({ media_type: content });
        }
        responses.insert(success.status.to_string(), response);
    }
    if operation.method == "GET" && operation.preconditions != Preconditions::None {
        responses.insert("304".to_owned(), json!({ "$ref": "#/components/responses/NotModified" }));
    }
    let implied = implied(operation, route);
    let mut by_status: BTreeMap<u16, Vec<ProblemCase<'_>>> = BTreeMap::new();
    for problem in &operation.problems {
        let kind = problem.kind;
        let schema = schema_name(operation, problem);
        match problem.members.map(|members| members(schemas)) {
            Some(members) => drop(problems.insert(schema.clone(), components::problem_of(kind, Some(members)))),
            None => drop(problems.entry(schema.clone()).or_insert_with(|| components::problem_of(kind, None))),
        }
        by_status.entry(kind.status()).or_default().push(ProblemCase { kind, when: Some(problem.when), schema });
    }
    for kind in implied {
        let of_status = by_status.entry(kind.status()).or_default();
        if of_status.iter().all(|declared| declared.kind != kind) {
            let case = ProblemCase::implied(kind);
            problems.entry(case.schema.clone()).or_insert_with(|| components::problem_of(kind, None));
            of_status.push(case);
        }
    }
    for (status, mut cases) in by_status {
        cases.sort_by_key(|case| case.kind.name());
        let response = match cases.as_slice() {
            // What is the same in all operations is declared once.
            [ProblemCase { kind, when: None, .. }] => {
                json!({ "$ref": format!("#/components/responses/{}", components::response_name(*kind)) })
            }
            several => {
                let of_status = examples.iter().filter(|example| example.status == status);
                components::problem_response(several, of_status.filter_map(Example::response_body))
            }
        };
        responses.insert(status.to_string(), response);
    }
    responses.into()
}

/// Returns the name of the schema of `problem`. One with members of its own, of a kind that other operations have without them, is named after the
/// operation.
fn schema_name(operation: &Operation, problem: &DeclaredProblem) -> String {
    let name = components::problem_name(problem.kind);
    let has_always_members = matches!(problem.kind, PriceChanged | TooMuchUnpaid | RecentLoginRequired | NotReady);
    if problem.members.is_none() || has_always_members {
        return name;
    }
    let (first, rest) = operation.id.split_at(1);
    format!("{}{rest}{name}", first.to_ascii_uppercase())
}

/// Returns the kinds of problem that follow from what the operation takes and who may use it.
fn implied(operation: &Operation, route: &RouteFacts) -> Vec<ProblemKind> {
    let has_json_body = operation.body.as_ref().is_some_and(|body| body.media_type == "application/json");
    let writes = operation.method != "GET";
    let obeys_key = operation.idempotency_key != IdempotencyKey::Ignored;
    let rules = [
        (true, MalformedRequest),
        (operation.idempotency_key == IdempotencyKey::Required, IdempotencyKeyMissing),
        (obeys_key, IdempotencyKeyInFlight),
        (obeys_key, IdempotencyKeyReused),
        (route.role.is_some(), Unauthorized),
        (route.role.is_some_and(|role| role > Role::Customer), Forbidden),
        (operation.path.contains('{'), NotFound),
        (operation.preconditions != Preconditions::None, PreconditionFailed),
        (operation.preconditions == Preconditions::Required, PreconditionRequired),
        (writes, PayloadTooLarge),
        (writes && operation.method != "DELETE", UnsupportedMediaType),
        (has_json_body, ValidationFailed),
        (route.rate_class.is_some(), RateLimited),
        (true, InternalError),
        (true, Unavailable),
    ];
    rules.into_iter().filter_map(|(holds, kind)| holds.then_some(kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::{RouteFacts, build};
    use crate::operation::{Contract, Operation};
    use crate::{Validator, bundle, from_yaml, to_yaml};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};
    use spindle_contracts::{ProblemKind, Role};

    /// A thing.
    #[derive(Serialize, JsonSchema)]
    struct Thing {
        /// Its id.
        id: String,
        /// Its size, in
        /// millimetres.
        size: Size,
        /// Its colour, if it has one.
        colour: Option<String>,
    }

    /// A size.
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Size {
        width: u32,
        #[serde(default)]
        depth: u32,
    }

    /// A new thing.
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the schema matters here")]
    struct NewThing {
        size: Size,
        colour: Option<String>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only the schema matters here")]
    struct ThingQuery {
        /// Only things of this colour.
        colour: Option<String>,
    }

    /// The members of the problem.
    #[derive(Serialize, JsonSchema)]
    struct Busy {
        /// The time at which it is free.
        until: String,
    }

    fn contract() -> Contract {
        let create = Operation::new("createThing", "POST", "/v1/things", "Create a thing")
            .idempotent()
            .body::<NewThing>("The thing.")
            .creates::<Thing>("The thing.")
            .versioned()
            .problem_with::<Busy>(ProblemKind::Conflict, "the shelf is busy");
        let list = Operation::new("listThings", "GET", "/v1/things", "List things")
            .query::<ThingQuery>()
            .page_of::<Thing>("The things.");
        let get = Operation::new("getThing", "GET", "/v1/things/{id}", "Get a thing")
            .obeys_preconditions()
            .returns::<Thing>(200, "The thing.")
            .versioned();
        Contract { service: "things", description: "Things.", operations: vec![create, list, get] }
    }

    fn route(method: &str, path: &'static str, role: Option<Role>) -> RouteFacts {
        RouteFacts {
            method: method.to_owned(),
            path,
            role,
            rate_class: Some("read"),
            body_limit: 65_536,
            is_deprecated: false,
        }
    }

    fn routes() -> Vec<RouteFacts> {
        vec![
            route("POST", "/v1/things", Some(Role::Operator)),
            route("GET", "/v1/things", None),
            route("GET", "/v1/things/{id}", Some(Role::Customer)),
        ]
    }

    #[test]
    fn a_document_has_what_routes_and_types_say() {
        let document = build(contract(), &routes());
        let create = &document["paths"]["/v1/things"]["post"];
        assert_eq!(create["security"], json!([{ "bearer": ["operator"] }]));
        assert_eq!(
            create["requestBody"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/NewThing"
        );
        let statuses: Vec<&str> = create["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(statuses, ["201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503"]);
        assert_eq!(create["responses"]["401"]["$ref"], "#/components/responses/Unauthorized");
        let conflict = &document["components"]["schemas"]["CreateThingConflictProblem"]["allOf"][1];
        assert_eq!(
            (&conflict["required"], &conflict["properties"]["until"]["type"]),
            (&json!(["until"]), &json!("string"))
        );
        let parameters = document["paths"]["/v1/things"]["get"]["parameters"].as_array().unwrap();
        let colour = json!({ "name": "colour", "in": "query", "required": false, "description": "Only things of this colour.", "schema": { "type": "string", "minLength": 1 } });
        assert_eq!(parameters, &[colour]);
        assert!(document["paths"]["/v1/things/{id}"]["get"]["responses"]["304"].is_object());
    }

    #[test]
    fn a_type_that_requests_may_leave_incomplete_has_a_schema_for_both_directions() {
        let document = build(contract(), &routes());
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Size"]["required"], json!(["width", "depth"]));
        assert_eq!(schemas["SizeInput"]["required"], json!(["width"]));
        assert_eq!(schemas["NewThing"]["properties"]["size"]["$ref"], "#/components/schemas/SizeInput");
        assert_eq!(schemas["Thing"]["properties"]["size"]["$ref"], "#/components/schemas/Size");
        assert_eq!(schemas["Thing"]["required"], json!(["id", "size", "colour"]));
        assert_eq!(schemas["Thing"]["properties"]["size"]["description"], "Its size, in millimetres.");
    }

    #[test]
    fn a_document_survives_yaml_and_bundling_and_validates_responses() {
        let document = build(contract(), &routes());
        let yaml = to_yaml(&document);
        assert_eq!(from_yaml(&yaml).unwrap(), document, "{yaml}");
        let bundle = bundle(&[document]).unwrap();
        let validator = Validator::new(&bundle);
        let check = |method: &str, status: u16, media_type: &str, body: &Value| {
            let headers = vec![("content-type", media_type), ("etag", "\"1\""), ("location", "/v1/things/1")];
            let body = body.to_string();
            let parts = crate::ResponseParts { method, path: "/v1/things", status, headers, body: body.as_bytes() };
            validator.check(&parts).map_err(|error| error.to_string())
        };
        let thing = json!({ "id": "1", "size": { "width": 1, "depth": 0 }, "colour": null });
        check("POST", 201, "application/json", &thing).unwrap();
        check("GET", 200, "application/json", &json!({ "items": [thing], "next_cursor": null })).unwrap();
        let problem = |status: u16, name: &str, title: &str| {
            json!({
                "type": format!("https://spindle.dev/problems/{name}"), "title": title, "status": status, "detail": "It is.",
                "instance": "/v1/things", "request_id": "r",
            })
        };
        let mut conflict = problem(409, "conflict", "Conflict");
        assert!(check("POST", 409, "application/problem+json", &conflict).unwrap_err().contains("until"));
        conflict["until"] = "noon".into();
        check("POST", 409, "application/problem+json", &conflict).unwrap();
        conflict["colour"] = "red".into();
        assert!(check("POST", 409, "application/problem+json", &conflict).unwrap_err().contains("colour"));
        let missing = problem(400, "idempotency-key-missing", "Idempotency-Key required");
        check("POST", 400, "application/problem+json", &missing).unwrap();
        assert!(check("GET", 400, "application/problem+json", &missing).is_err(), "a GET needs no key");
    }
}
