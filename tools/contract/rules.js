// The rules for the OpenAPI documents that Redocly does not have. Each gets the document and reports what breaks it, with the place.

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const PROBLEM = 'application/problem+json';

/** Returns the node that `node` refers to, or `node` itself. */
function resolved(root, node) {
  const seen = new Set();
  while (node && typeof node.$ref === 'string' && node.$ref.startsWith('#/') && !seen.has(node.$ref)) {
    seen.add(node.$ref);
    const keys = node.$ref.slice(2).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    node = keys.reduce((parent, key) => parent?.[key], root);
  }
  return node;
}

/** Returns each operation: its path, method, object, and keys in the document; with its parameters and responses resolved. */
function operations(root) {
  return Object.entries(root.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolved(root, each));
      const responses = Object.entries(operation.responses ?? {}).map(([status, each]) => [status, resolved(root, each)]);
      return { path, item, method, operation, parameters, responses, keys: ['paths', path, method] };
    }),
  );
}

function header(parameters, name) {
  return parameters.find((each) => each.in === 'header' && each.name.toLowerCase() === name.toLowerCase());
}

function responseHeader(root, response, name) {
  const found = Object.entries(response.headers ?? {}).find(([each]) => each.toLowerCase() === name.toLowerCase());
  return found && resolved(root, found[1]);
}

function isSuccess(status) {
  return status.startsWith('2');
}

function isClosed(schema) {
  return [schema.additionalProperties, schema.unevaluatedProperties].some((each) => each !== undefined && each !== true);
}

/**
 * Calls `visit` with each schema in and below `schema`, references followed; with the name of the component that has it, and whether another schema
 * of the same value takes no unknown members.
 */
function eachSchema(root, schema, visit, name = undefined, isClosedAbove = false, seen = new Set()) {
  if (schema === null || typeof schema !== 'object') return;
  if (schema.$ref) {
    const target = resolved(root, schema);
    if (!target || seen.has(target)) return;
    seen.add(target);
    eachSchema(root, target, visit, schema.$ref.split('/').pop(), isClosedAbove, seen);
    return;
  }
  visit(schema, name, isClosedAbove);
  const below = (each) => eachSchema(root, each, visit, name, false, seen);
  const beside = (each) => eachSchema(root, each, visit, name, isClosedAbove || isClosed(schema), seen);
  Object.values(schema.properties ?? {}).forEach(below);
  ['items', 'additionalProperties', 'contains'].forEach((key) => below(schema[key]));
  (schema.prefixItems ?? []).forEach(below);
  ['allOf', 'anyOf', 'oneOf'].forEach((key) => (schema[key] ?? []).forEach(beside));
  ['not', 'if', 'then', 'else'].forEach((key) => beside(schema[key]));
}

/** Returns the properties of a schema, those of its parts included. */
function properties(root, schema) {
  const all = {};
  const collect = (each) => {
    const target = resolved(root, each);
    if (!target) return;
    Object.assign(all, target.properties);
    (target.allOf ?? []).forEach(collect);
  };
  collect(schema);
  return all;
}

function types(root, schema) {
  return [resolved(root, schema)?.type ?? []].flat();
}

/** Each rule: a function of the document and `report(keys, message)`. */
const rules = {
  'operation-id': (root, report) => {
    for (const { operation, keys } of operations(root)) {
      if (operation.operationId && !/^[a-z][a-zA-Z0-9]*$/.test(operation.operationId)) {
        report([...keys, 'operationId'], `operationId "${operation.operationId}" is not in camelCase`);
      }
    }
  },

  summary: (root, report) => {
    for (const { operation, keys } of operations(root)) {
      const summary = operation.summary ?? '';
      if (!/^[A-Z]/.test(summary) || summary.endsWith('.') || summary.length > 60) {
        report([...keys, 'summary'], 'a summary is a few words with a capital and without a full stop, up to 60 characters');
      }
    }
  },

  description: (root, report) => {
    for (const { method, operation, responses, keys } of operations(root)) {
      // The summary of a read can say everything.
      if (method !== 'get' && !operation.description?.trim()) report(keys, 'the operation has no description');
      if (operation.requestBody && !resolved(root, operation.requestBody).description?.trim()) {
        report([...keys, 'requestBody'], 'the body has no description');
      }
      for (const [status, response] of responses) {
        if (!response.description?.trim()) report([...keys, 'responses', status], 'the response has no description');
      }
    }
  },

  examples: (root, report) => {
    const hasExample = (media) => media.example !== undefined || Object.keys(media.examples ?? {}).length > 0;
    for (const { operation, responses, keys } of operations(root)) {
      // A body that may be left out has nothing that a reader must know.
      const body = resolved(root, operation.requestBody);
      const bodies = body?.required ? Object.entries(body.content ?? {}) : [];
      for (const [type, media] of bodies) {
        if (!hasExample(media)) report([...keys, 'requestBody'], `the ${type} of the request has no example`);
      }
      for (const [status, response] of responses.filter(([status]) => isSuccess(status))) {
        for (const [type, media] of Object.entries(response.content ?? {})) {
          if (!hasExample(media)) report([...keys, 'responses', status], `the ${type} of the response has no example`);
        }
      }
    }
  },

  'property-descriptions': (root, report) => {
    for (const [name, component] of Object.entries(root.components?.schemas ?? {})) {
      // A problem names the values of members that `Problem` describes.
      if (name.endsWith('Problem') && component.allOf) continue;
      for (const [property, schema] of Object.entries(component.properties ?? {})) {
        if (schema === true || schema.$ref || schema.description?.trim()) continue;
        if ([...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].some((each) => each.$ref)) continue;
        report(['components', 'schemas', name, 'properties', property], `the property "${property}" has no description`);
      }
    }
  },

  names: (root, report) => {
    const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
    for (const { parameters, keys } of operations(root)) {
      for (const { name, in: place } of parameters) {
        const pattern = place === 'header' ? /^([A-Z][a-z0-9]*)(-[A-Z][a-z0-9]*)*$/ : SNAKE;
        if (!pattern.test(name)) report([...keys, 'parameters'], `the parameter "${name}" is not in ${place === 'header' ? 'Train-Case' : 'snake_case'}`);
      }
    }
    for (const [component, schema] of Object.entries(root.components?.schemas ?? {})) {
      if (!/^[A-Z][a-zA-Z0-9]*$/.test(component)) report(['components', 'schemas', component], `the schema "${component}" is not in PascalCase`);
      eachSchema({}, schema, (each) => {
        for (const property of Object.keys(each.properties ?? {})) {
          if (!SNAKE.test(property)) report(['components', 'schemas', component], `the property "${property}" is not in snake_case`);
        }
      });
    }
  },

  'versioned-paths': (root, report) => {
    // What stands outside of the versions: a well-known address (RFC 8615), and what an operator or a probe reads.
    const UNVERSIONED = /^\/(\.well-known\/|healthz$|readyz$|metrics$|openapi\.(json|yaml)$|asyncapi\.json$)/;
    for (const path of Object.keys(root.paths ?? {})) {
      if (!path.startsWith('/v1/') && !UNVERSIONED.test(path)) report(['paths', path], `${path} does not start with /v1/`);
    }
  },

  'problem-details': (root, report) => {
    for (const { responses, keys } of operations(root)) {
      for (const [status, response] of responses.filter(([status]) => /^[45]/.test(status))) {
        const content = Object.entries(response.content ?? {});
        const at = [...keys, 'responses', status];
        if (content.length !== 1 || content[0][0] !== PROBLEM) {
          report(at, `a response with ${status} has exactly one media type, ${PROBLEM}`);
          continue;
        }
        const names = new Set();
        eachSchema(root, content[0][1].schema, (schema, name) => names.add(name));
        if (!names.has('Problem')) report(at, 'the schema of a problem includes `Problem`');
      }
    }
  },

  'implied-problems': (root, report) => {
    for (const { path, method, operation, parameters, responses, keys } of operations(root)) {
      const has = (status) => responses.some(([each]) => each === status);
      const needsToken = (operation.security ?? root.security ?? []).length > 0;
      const implied = [
        [true, '400', 'every request can be malformed'],
        [true, '500', 'every operation can fail'],
        [true, '503', 'every operation depends on something'],
        [needsToken, '401', 'it requires a token'],
        [path.includes('{'), '404', 'its path has a parameter'],
        [header(parameters, 'If-Match'), '412', 'it obeys If-Match'],
        [header(parameters, 'If-Match')?.required, '428', 'it requires If-Match'],
        [operation.requestBody, '413', 'its body has a limit'],
        [operation.requestBody, '415', 'its body has a media type'],
        [resolved(root, operation.requestBody)?.content?.['application/json'], '422', 'its body has rules'],
        [operation['x-rate-class'], '429', 'its requests are counted'],
        [header(parameters, 'Idempotency-Key'), '409', 'a request with the same key may be in progress'],
        [header(parameters, 'Idempotency-Key'), '422', 'the key may belong to another request'],
      ];
      for (const [holds, status, reason] of implied) {
        if (holds && !has(status)) report([...keys, 'responses'], `${method.toUpperCase()} ${path} has no response ${status}: ${reason}`);
      }
    }
  },

  lists: (root, report) => {
    for (const { method, parameters, responses, keys } of operations(root)) {
      const body = responses.find(([status]) => status === '200')?.[1].content?.['application/json'];
      if (method !== 'get' || !body) continue;
      const members = properties(root, body.schema);
      const query = (name) => parameters.find((each) => each.in === 'query' && each.name === name);
      // A list that is short by its nature (the sessions of a user) has `items` alone, and work that is continued has a cursor alone.
      const isPaged = query('limit') || (members.items && (query('cursor') || members.next_cursor));
      if (!isPaged) continue;
      for (const name of ['limit', 'cursor']) {
        if (!query(name)) report([...keys, 'parameters'], `a list has the parameter "${name}"`);
      }
      for (const name of ['items', 'next_cursor']) {
        if (!members[name]) report([...keys, 'responses', '200'], `the page of a list has the member "${name}"`);
      }
      const limit = resolved(root, query('limit')?.schema);
      if (limit && (limit.minimum !== 1 || limit.maximum !== 100)) report([...keys, 'parameters'], '"limit" is from 1 to 100');
    }
  },

  location: (root, report) => {
    for (const { responses, keys } of operations(root)) {
      const creates = responses.find(([status]) => status === '201');
      if (creates && !responseHeader(root, creates[1], 'Location')?.required) {
        report([...keys, 'responses', '201'], 'a response with 201 has the header Location, which is required');
      }
    }
  },

  'entity-tags': (root, report) => {
    const all = operations(root);
    const hasTag = (response) => responseHeader(root, response, 'ETag')?.required;
    const schemaOf = (response) => response.content?.['application/json']?.schema?.$ref;
    const versioned = new Set();
    for (const { method, item, responses, keys } of all) {
      const read = responses.find(([status]) => status === '200')?.[1];
      if (method !== 'get' || !read) continue;
      if (item.patch && !hasTag(read)) report([...keys, 'responses', '200'], 'a resource that PATCH changes has an ETag, which is required');
      if (hasTag(read) && schemaOf(read)) versioned.add(schemaOf(read));
    }
    for (const { method, item, parameters, responses, keys } of all) {
      const read = item.get && operations({ ...root, paths: { '': { get: item.get } } })[0].responses.find(([status]) => status === '200')?.[1];
      const changesVersion = method === 'patch' || (method === 'delete' && read && hasTag(read));
      if (changesVersion && !header(parameters, 'If-Match')?.required) {
        report([...keys, 'parameters'], `${method.toUpperCase()} of a resource with an ETag requires If-Match`);
      }
      for (const [status, response] of responses) {
        if (isSuccess(status) && status !== '202' && versioned.has(schemaOf(response)) && !hasTag(response)) {
          report([...keys, 'responses', status], `the response is a version of a resource (${schemaOf(response).split('/').pop()}), so it has an ETag, which is required`);
        }
      }
    }
  },

  idempotency: (root, report) => {
    for (const { parameters, responses, keys } of operations(root)) {
      if (!header(parameters, 'Idempotency-Key')) continue;
      for (const [status, response] of responses.filter(([status]) => isSuccess(status))) {
        if (!responseHeader(root, response, 'Idempotency-Replayed')) {
          report([...keys, 'responses', status], 'a response that may be a stored one has the header Idempotency-Replayed');
        }
      }
    }
  },

  'closed-requests': (root, report) => {
    for (const { operation, keys } of operations(root)) {
      for (const [type, media] of Object.entries(resolved(root, operation.requestBody)?.content ?? {})) {
        eachSchema(root, media.schema, (schema, name, isClosedAbove) => {
          if (schema.properties && !isClosed(schema) && !isClosedAbove) {
            report([...keys, 'requestBody', 'content', type], `the schema ${name ?? 'of the body'} takes unknown members: additionalProperties is not false`);
          }
        });
      }
    }
  },

  money: (root, report) => {
    const AMOUNTS = /^(amount|total|price|subtotal|(unit|line|min|max)_(price|total))$/;
    // Money has one form, whatever the limits of the amount are.
    const isMoney = (schema) => Object.keys(schema.properties).sort().join() === 'amount,currency';
    for (const [component, schema] of Object.entries(root.components?.schemas ?? {})) {
      eachSchema({}, schema, (each) => {
        if (!each.properties || isMoney(each)) return;
        for (const [property, value] of Object.entries(each.properties)) {
          const isBare = AMOUNTS.test(property) && types(root, value).some((type) => type === 'integer' || type === 'number');
          if (isBare || property === 'currency') {
            report(['components', 'schemas', component], `"${property}" is money, which is an object of its own: {"amount": ..., "currency": ...}`);
          }
        }
      });
    }
  },

  times: (root, report) => {
    for (const [component, schema] of Object.entries(root.components?.schemas ?? {})) {
      eachSchema({}, schema, (each) => {
        for (const [property, value] of Object.entries(each.properties ?? {})) {
          if (!property.endsWith('_at') || value === true) continue;
          const parts = [value, ...(value.anyOf ?? []), ...(value.oneOf ?? [])].map((part) => resolved(root, part));
          if (!parts.some((part) => part?.format === 'date-time')) {
            report(['components', 'schemas', component], `"${property}" is a time: its format is date-time`);
          }
        }
      });
    }
  },
};

const asVisitor = (check) => () => ({
  Root(root, { report, location }) {
    check(root, (keys, message) => report({ message, location: location.child(keys) }));
  },
});

export default function spindle() {
  return { id: 'spindle', rules: { oas3: Object.fromEntries(Object.entries(rules).map(([name, check]) => [name, asVisitor(check)])) } };
}
