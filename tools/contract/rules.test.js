// Each rule finds its fault, and finds none in a document that keeps to it: `node --test`.

import assert from 'node:assert/strict';
import test from 'node:test';
import spindle from './rules.js';

const rules = spindle().rules.oas3;

/** Returns what `rule` reports on `document`. */
function reports(rule, document) {
  const found = [];
  const location = { child: (keys) => keys.join('/') };
  rules[rule]().Root(document, { location, report: (each) => found.push(each) });
  return found;
}

/** Returns a document that keeps to every rule: a list of things and a thing. */
function document() {
  const ref = (kind, name) => ({ $ref: `#/components/${kind}/${name}` });
  const media = (name) => ({ 'application/json': { schema: ref('schemas', name), examples: { one: { value: {} } } } });
  const problems = (...statuses) => Object.fromEntries(statuses.map((status) => [status, ref('responses', 'Refused')]));
  const tag = { ETag: { required: true, schema: { type: 'string' } } };
  const operation = (operationId, more) => ({ operationId, summary: 'Do something', description: 'Does it.', security: [], ...more });
  const query = (name, schema) => ({ name, in: 'query', schema });
  return {
    paths: {
      '/v1/things': {
        get: operation('listThings', {
          parameters: [query('limit', { type: 'integer', minimum: 1, maximum: 100 }), query('cursor', { type: 'string' })],
          responses: { 200: { description: 'A page.', content: media('ThingPage') }, ...problems(400, 500, 503) },
        }),
        post: operation('createThing', {
          security: [{ bearer: [] }],
          'x-rate-class': 'write',
          parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }],
          requestBody: { required: true, description: 'The thing.', content: media('NewThing') },
          responses: {
            201: {
              description: 'The thing.',
              headers: { Location: { required: true }, 'Idempotency-Replayed': {}, ...tag },
              content: media('Thing'),
            },
            ...problems(400, 401, 409, 413, 415, 422, 429, 500, 503),
          },
        }),
      },
      '/v1/things/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true }],
        get: operation('getThing', {
          responses: { 200: { description: 'The thing.', headers: tag, content: media('Thing') }, ...problems(400, 404, 500, 503) },
        }),
        patch: operation('changeThing', {
          parameters: [ref('parameters', 'IfMatch')],
          requestBody: { description: 'The change.', content: media('NewThing') },
          responses: {
            200: { description: 'The thing.', headers: tag, content: media('Thing') },
            ...problems(400, 404, 412, 413, 415, 422, 428, 500, 503),
          },
        }),
        delete: operation('deleteThing', {
          parameters: [ref('parameters', 'IfMatch')],
          responses: { 204: { description: 'It is gone.' }, ...problems(400, 404, 412, 428, 500, 503) },
        }),
      },
    },
    components: {
      parameters: { IfMatch: { name: 'If-Match', in: 'header', required: true } },
      responses: { Refused: { description: 'Refused.', content: { 'application/problem+json': { schema: ref('schemas', 'RefusedProblem') } } } },
      schemas: {
        Problem: { type: 'object', properties: { type: { type: 'string', description: 'The type.' } } },
        RefusedProblem: { allOf: [ref('schemas', 'Problem'), { type: 'object', properties: { title: { const: 'Refused' } } }] },
        Money: {
          type: 'object',
          additionalProperties: false,
          properties: {
            amount: { type: 'integer', description: 'In minor units.' },
            currency: { type: 'string', description: 'The code.' },
          },
        },
        NewThing: {
          type: 'object',
          additionalProperties: false,
          properties: { unit_price: ref('schemas', 'Money') },
          oneOf: [{ properties: { unit_price: { type: 'object' } } }, { not: { required: ['unit_price'] } }],
        },
        Thing: {
          type: 'object',
          properties: { price: ref('schemas', 'Money'), created_at: { type: 'string', format: 'date-time', description: 'When.' } },
        },
        ThingPage: {
          type: 'object',
          properties: {
            items: { type: 'array', items: ref('schemas', 'Thing'), description: 'The things.' },
            next_cursor: { type: ['string', 'null'], description: 'The next page.' },
          },
        },
      },
    },
  };
}

const list = (document) => document.paths['/v1/things'].get;
const create = (document) => document.paths['/v1/things'].post;
const thing = (document) => document.paths['/v1/things/{id}'];
const schemas = (document) => document.components.schemas;

/** Changes that break a rule, each once, by the rule. */
const faults = {
  'operation-id': [(each) => (list(each).operationId = 'list_things')],
  summary: [(each) => (list(each).summary = 'Lists things.'), (each) => delete list(each).summary],
  description: [
    (each) => delete create(each).description,
    (each) => delete create(each).requestBody.description,
    (each) => delete list(each).responses[200].description,
  ],
  examples: [
    (each) => delete create(each).requestBody.content['application/json'].examples,
    (each) => (list(each).responses[200].content['application/json'].examples = {}),
  ],
  'property-descriptions': [(each) => delete schemas(each).Money.properties.amount.description],
  names: [
    (each) => (list(each).parameters[0].name = 'pageSize'),
    (each) => (create(each).parameters[0].name = 'idempotency-key'),
    (each) => (schemas(each).Thing.properties.createdAt = {}),
    (each) => (schemas(each).new_thing = {}),
  ],
  'versioned-paths': [(each) => (each.paths['/things'] = {})],
  'problem-details': [
    (each) => (each.components.responses.Refused.content = { 'application/json': {} }),
    (each) => (schemas(each).RefusedProblem.allOf = []),
    (each) => delete each.components.responses.Refused.content,
  ],
  'implied-problems': ['400', '401', '409', '413', '415', '422', '429', '500', '503']
    .map((status) => (each) => delete create(each).responses[status])
    .concat(['404', '412', '428'].map((status) => (each) => delete thing(each).delete.responses[status])),
  lists: [
    (each) => list(each).parameters.pop(),
    (each) => delete schemas(each).ThingPage.properties.next_cursor,
    (each) => delete schemas(each).ThingPage.properties.items,
    (each) => (list(each).parameters[0].schema.maximum = 1000),
  ],
  location: [(each) => delete create(each).responses[201].headers.Location],
  'entity-tags': [
    (each) => delete thing(each).get.responses[200].headers.ETag,
    (each) => delete thing(each).patch.responses[200].headers.ETag,
    (each) => delete create(each).responses[201].headers.ETag,
    (each) => delete thing(each).patch.parameters,
    (each) => delete thing(each).delete.parameters,
  ],
  idempotency: [(each) => delete create(each).responses[201].headers['Idempotency-Replayed']],
  'closed-requests': [(each) => delete schemas(each).NewThing.additionalProperties, (each) => delete schemas(each).Money.additionalProperties],
  money: [
    (each) => (schemas(each).Thing.properties.total = { type: 'integer' }),
    (each) => (schemas(each).Thing.properties.currency = { type: 'string' }),
  ],
  times: [(each) => (schemas(each).Thing.properties.paid_at = { type: ['integer', 'null'] })],
};

for (const rule of Object.keys(rules)) {
  test(`${rule} accepts what keeps to it and reports what breaks it`, () => {
    assert.deepEqual(reports(rule, document()), []);
    assert.ok(faults[rule]?.length > 0, 'the rule has no fault here');
    for (const change of faults[rule]) {
      const broken = document();
      change(broken);
      assert.notEqual(reports(rule, broken).length, 0, `not found: ${change}`);
    }
  });
}
