// The reads of the catalog and of a user as a usual Node service: Fastify with its plugins for tokens and rate limits, and better-sqlite3. Equal in
// function to the components: the same paths, checks, SQL, bodies, entity tags and one access line.

import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import { QUERY, decodeCursor, encodeCursor, nameOf, productQueryOf, startOf } from './product_query.js';
import { Catalog, Users } from './store.js';

const { values: options } = parseArgs({
  options: {
    catalog: { type: 'string' },
    users: { type: 'string' },
    // The instance of Spindle whose tokens are accepted.
    auth: { type: 'string' },
    issuer: { type: 'string', default: 'https://spindle.example' },
    requests: { type: 'string', default: '1200' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
  },
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PUBLIC = 'public, max-age=5, stale-while-revalidate=30';

const app = Fastify({
  logger: true,
  // The onResponse hook below writes one line for each request.
  logController: new LogController({ disableRequestLogging: true }),
  requestIdHeader: 'x-request-id',
  genReqId: () => randomUUID(),
  ajv: { customOptions: { removeAdditional: false } },
  routerOptions: { ignoreTrailingSlash: false },
});

await app.register(rateLimit, { max: Number(options.requests), timeWindow: 60_000, enableDraftSpec: true });

app.addHook('onSend', async (request, reply) => {
  reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', vary: 'origin' });
});

app.addHook('onResponse', async (request, reply) => {
  const path = request.url.split('?', 1)[0];
  const bytes = Number(reply.getHeader('content-length') ?? 0);
  const line = { request_id: request.id, method: request.method, path, status: reply.statusCode, bytes, ms: reply.elapsedTime };
  request.log.info({ ...line, peer: request.ip }, 'request');
});

app.setErrorHandler((error, request, reply) => {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error(error);
  problem(reply, status, status >= 500 ? 'Something went wrong.' : error.message);
});

app.setNotFoundHandler((request, reply) => problem(reply, 404, 'No resource has this address.'));

function problem(reply, status, detail) {
  reply.code(status).header('cache-control', 'no-store').type('application/problem+json');
  const { url, id } = reply.request;
  reply.send(JSON.stringify({ type: 'about:blank', status, detail, instance: url.split('?', 1)[0], request_id: id }));
}

/** Sends `body`, or 304 if the client has its version. */
function send(request, reply, body, etag, cacheControl) {
  reply.headers({ etag, 'cache-control': cacheControl });
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (known.includes('*') || known.includes(etag)) return reply.code(304).send();
  return reply.type('application/json').send(body);
}

if (options.catalog) {
  const catalog = new Catalog(options.catalog);

  app.get('/v1/products/:id', (request, reply) => {
    const found = UUID.test(request.params.id) && catalog.get(request.params.id.toLowerCase());
    if (!found) return problem(reply, 404, 'There is no such product.');
    return send(request, reply, JSON.stringify(found.product), `"v${found.version}.${found.product.stock.available}"`, PUBLIC);
  });

  app.get('/v1/products', { schema: { querystring: QUERY } }, (request, reply) => {
    const { limit, cursor } = request.query;
    const query = productQueryOf(request.query);
    const name = nameOf(query);
    const position = cursor === undefined ? startOf(query) : decodeCursor(name, cursor);
    if (position === undefined) return problem(reply, 400, 'The query parameter cursor must be a next_cursor of this list.');
    const found = catalog.page(query, position, limit + 1);
    const items = found.slice(0, limit);
    const next = found.length > limit ? encodeCursor(name, positionOf(query, items.at(-1))) : null;
    if (next !== null) {
      const parameters = new URLSearchParams(request.url.split('?')[1] ?? '');
      parameters.delete('cursor');
      parameters.append('cursor', next);
      reply.header('link', `</v1/products?${parameters}>; rel="next"`);
    }
    const body = JSON.stringify({ items: items.map((item) => item.product), next_cursor: next });
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    return send(request, reply, body, etag, PUBLIC);
  });
}

/** Returns the position of a product in its list. */
function positionOf({ sort }, { product, number, tier }) {
  switch (sort) {
    case 'relevance': return [tier, number];
    case 'newest': return [0, number];
    case 'name': return [nameKey(product.name), number];
    default: return [product.price.amount, number];
  }
}

function nameKey(name) {
  return Array.from(name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()).slice(0, 100).join('');
}

if (options.users) {
  const users = new Users(options.users);
  const response = await fetch(new URL('/.well-known/jwks.json', options.auth));
  const { keys } = await response.json();
  await app.register(jwt, {
    secret: { public: createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' }) },
    verify: { algorithms: ['EdDSA'], allowedIss: options.issuer, allowedAud: 'spindle', clockTolerance: 5000, checkTyp: 'at+jwt', cache: 4096 },
  });
  const authenticated = {
    onRequest: (request) => request.jwtVerify(),
    config: { rateLimit: { hook: 'preHandler', keyGenerator: (request) => request.user.sub } },
  };
  app.get('/v1/users/:id', authenticated, (request, reply) => {
    const { sub, roles } = request.user;
    const id = request.params.id.toLowerCase();
    const mayRead = sub === id || roles.some((role) => role === 'operator' || role === 'admin');
    const found = mayRead && UUID.test(id) && users.get(id);
    if (!found) return problem(reply, 404, 'There is no such user.');
    return send(request, reply, JSON.stringify(found.user), `"v${found.version}"`, 'private, no-cache');
  });
}

await app.listen({ host: options.host, port: Number(options.port) });
const { port } = app.server.address();
process.stdout.write(`Serving http://${options.host}:${port}\n`);
