//! The description of an operation by its service: everything that its route and its types do not say.

use crate::schemas::Schemas;
use schemars::JsonSchema;
use serde_json::Value;
use spindle_contracts::{ProblemKind, Role};

/// The public operations of a service.
#[derive(Debug)]
pub struct Contract {
    /// The name of the service, which is the tag of its operations.
    pub service: &'static str,
    /// What the service is for, in Markdown.
    pub description: &'static str,
    /// Its operations. Each route that is not for services has one.
    pub operations: Vec<Operation>,
}

/// One operation. Role, rate class, body limit and deprecation come from its route, and so do the problems that follow from these.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: String,
    pub(crate) path_parameters: Vec<(&'static str, Value)>,
    pub(crate) query: Option<SchemaOf>,
    pub(crate) headers: Vec<HeaderParameter>,
    pub(crate) body: Option<Body>,
    pub(crate) preconditions: Preconditions,
    pub(crate) idempotency_key: IdempotencyKey,
    pub(crate) optional_role: Option<Role>,
    pub(crate) responses: Vec<Success>,
    pub(crate) problems: Vec<DeclaredProblem>,
    pub(crate) is_stable: bool,
}

/// A function that adds the schema of a type to the components and returns a reference to it, or the schema itself.
pub(crate) type SchemaOf = fn(&mut Schemas) -> Value;

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) schema: SchemaOf,
    pub(crate) is_required: bool,
    pub(crate) description: &'static str,
}

#[derive(Debug)]
pub(crate) struct HeaderParameter {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) is_required: bool,
}

/// The preconditions that an operation obeys (RFC 9110, section 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preconditions {
    /// The operation has none.
    None,
    /// `If-Match` and `If-None-Match` are obeyed if they are sent.
    Accepted,
    /// `If-Match` is required.
    Required,
}

/// What an operation does with the header `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdempotencyKey {
    /// Ignores it.
    Ignored,
    /// Obeys it if it is sent.
    Accepted,
    /// Requires it.
    Required,
}

#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) content: Option<(&'static str, SchemaOf)>,
    /// The names of response headers, each of which is one of the components, and whether each such response has it.
    pub(crate) headers: Vec<(&'static str, bool)>,
}

#[derive(Debug)]
pub(crate) struct DeclaredProblem {
    pub(crate) kind: ProblemKind,
    pub(crate) when: &'static str,
    pub(crate) members: Option<SchemaOf>,
}

impl Operation {
    /// Describes the operation `method path`; `summary` is a few words without a full stop, such as "Place an order".
    pub fn new(id: &'static str, method: &'static str, path: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            summary,
            description: String::new(),
            path_parameters: Vec::new(),
            query: None,
            headers: Vec::new(),
            body: None,
            preconditions: Preconditions::None,
            idempotency_key: IdempotencyKey::Ignored,
            optional_role: None,
            responses: Vec::new(),
            problems: Vec::new(),
            is_stable: true,
        }
    }

    /// Adds a description in Markdown: what the summary leaves open.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        self.description = description.to_owned();
        self
    }

    /// Describes the parameter `{name}` of the path. One that is not described is a UUID.
    #[must_use]
    pub fn path_parameter(mut self, name: &'static str, schema: Value) -> Self {
        self.path_parameters.push((name, schema));
        self
    }

    /// Adds each field of `T` as a parameter of the query.
    #[must_use]
    pub fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(Schemas::inline::<T>);
        self
    }

    /// Adds a request header that only this operation has.
    #[must_use]
    pub fn header(mut self, name: &'static str, is_required: bool, description: &'static str) -> Self {
        self.headers.push(HeaderParameter { name, description, is_required });
        self
    }

    /// Requires a JSON body.
    #[must_use]
    pub fn body<T: JsonSchema>(mut self, description: &'static str) -> Self {
        let schema = Schemas::request::<T>;
        self.body = Some(Body { media_type: "application/json", schema, is_required: true, description });
        self
    }

    /// Accepts a JSON body, which may be absent.
    #[must_use]
    pub fn optional_body<T: JsonSchema>(mut self, description: &'static str) -> Self {
        let schema = Schemas::request::<T>;
        self.body = Some(Body { media_type: "application/json", schema, is_required: false, description });
        self
    }

    /// Requires an NDJSON body of which each line is a `T`.
    #[must_use]
    pub fn lines<T: JsonSchema>(mut self, description: &'static str) -> Self {
        let schema = Schemas::lines::<T>;
        self.body = Some(Body { media_type: "application/x-ndjson", schema, is_required: true, description });
        self
    }

    /// Responds with `status` and a JSON body.
    #[must_use]
    pub fn returns<T: JsonSchema>(self, status: u16, description: &'static str) -> Self {
        self.success(status, description, Some(("application/json", Schemas::response::<T>)))
    }

    /// Responds with 201 and the resource that was created, whose address is in `Location`.
    #[must_use]
    pub fn creates<T: JsonSchema>(self, description: &'static str) -> Self {
        self.returns::<T>(201, description).with_header("Location", true)
    }

    /// Responds with 202 and the resource that was accepted, whose address is in `Location`.
    #[must_use]
    pub fn accepts<T: JsonSchema>(self, description: &'static str) -> Self {
        self.returns::<T>(202, description).with_header("Location", true)
    }

    /// Responds with 200 and one page of a list of `T`: `items`, and `next_cursor` if there is a next page, which `Link` has as well.
    #[must_use]
    pub fn page_of<T: JsonSchema>(self, description: &'static str) -> Self {
        self.success(200, description, Some(("application/json", Schemas::page_of::<T>))).with_header("Link", false)
    }

    /// Responds as [`page_of`](Self::page_of) does, with a page that may have the members of `M` as well.
    #[must_use]
    pub fn page_of_with<T: JsonSchema, M: JsonSchema>(self, description: &'static str) -> Self {
        let schema = Schemas::page_of_with::<T, M>;
        self.success(200, description, Some(("application/json", schema))).with_header("Link", false)
    }

    /// Responds with `status` and a body of `media_type`, which `T` describes.
    #[must_use]
    pub fn returns_media<T: JsonSchema>(
        self,
        status: u16,
        media_type: &'static str,
        description: &'static str,
    ) -> Self {
        self.success(status, description, Some((media_type, Schemas::response::<T>)))
    }

    /// Responds with 204.
    #[must_use]
    pub fn no_content(self, description: &'static str) -> Self {
        self.success(204, description, None)
    }

    /// Responds with 202 and no body: the request is stored.
    #[must_use]
    pub fn accepted(self, description: &'static str) -> Self {
        self.success(202, description, None)
    }

    /// Adds a header to the response that was described last: one of those in `components.rs`. `is_always` says whether each such response has it.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, is_always: bool) -> Self {
        self.responses.last_mut().expect("a response comes before its headers").headers.push((name, is_always));
        self
    }

    /// The response that was described last is a version of a resource: it has an `ETag`.
    #[must_use]
    pub fn versioned(self) -> Self {
        self.with_header("ETag", true)
    }

    /// The operation obeys `If-Match` and `If-None-Match` if they are sent.
    #[must_use]
    pub fn obeys_preconditions(mut self) -> Self {
        self.preconditions = Preconditions::Accepted;
        self
    }

    /// The operation requires `If-Match`.
    #[must_use]
    pub fn requires_if_match(mut self) -> Self {
        self.preconditions = Preconditions::Required;
        self
    }

    /// The operation requires an `Idempotency-Key`.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotency_key = IdempotencyKey::Required;
        self
    }

    /// The operation obeys an `Idempotency-Key` if it is sent.
    #[must_use]
    pub fn obeys_idempotency_key(mut self) -> Self {
        self.idempotency_key = IdempotencyKey::Accepted;
        self
    }

    /// Accepts the access token of a caller with `role`, which only some requests to this public operation need.
    #[must_use]
    pub fn optional_token(mut self, role: Role) -> Self {
        self.optional_role = Some(role);
        self
    }

    /// Adds a problem that the route does not imply. `when` continues "The response, when ...": "a product is not available in that quantity".
    #[must_use]
    pub fn problem(mut self, kind: ProblemKind, when: &'static str) -> Self {
        self.problems.push(DeclaredProblem { kind, when, members: None });
        self
    }

    /// Adds a problem with members of its own (RFC 9457, section 3.2), which are the fields of `T`.
    #[must_use]
    pub fn problem_with<T: JsonSchema>(mut self, kind: ProblemKind, when: &'static str) -> Self {
        self.problems.push(DeclaredProblem { kind, when, members: Some(Schemas::response_inline::<T>) });
        self
    }

    /// The operation may change at any time: it is no part of the released API.
    #[must_use]
    pub fn unstable(mut self) -> Self {
        self.is_stable = false;
        self
    }

    fn success(mut self, status: u16, description: &'static str, content: Option<(&'static str, SchemaOf)>) -> Self {
        self.responses.push(Success { status, description, content, headers: Vec::new() });
        self
    }
}
