// The measured reads and orders as a usual Node service: Fastify with its plugins for tokens and rate limits, and better-sqlite3. Equal in function to
// the components as far as a measurement shows it: the same paths, rows, items and one access line, and orders with as many commits.

import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import { Catalog, Orders, Users } from './store.js';

const { values: options } = parseArgs({
  options: {
    // The folder of the databases that are read, and that of the databases of orders.
    databases: { type: 'string' },
    orders: { type: 'string' },
    // The commits of an order: those before its response, and all.
    commits: { type: 'string' },
    // The instance of Spindle whose tokens are accepted.
    auth: { type: 'string' },
    issuer: { type: 'string' },
  },
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PUBLIC = 'public, max-age=5, stale-while-revalidate=30';

const QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    q: { type: 'string' },
    category: { type: 'string' },
    currency: { type: 'string' },
    min_price: { type: 'integer' },
    max_price: { type: 'integer' },
    in_stock: { type: 'boolean' },
    sort: { type: 'string' },
  },
};

const ORDER = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: { type: 'object', required: ['product_id', 'quantity'], properties: { product_id: { type: 'string' }, quantity: { type: 'integer' } } },
    },
  },
};

const app = Fastify({
  logger: true,
  // The onResponse hook below writes one line for each request.
  logController: new LogController({ disableRequestLogging: true }),
  requestIdHeader: 'x-request-id',
  genReqId: () => randomUUID(),
  ajv: { customOptions: { removeAdditional: false } },
  routerOptions: { ignoreTrailingSlash: false },
});

// More than the server can serve, so that every request is counted and none is refused.
await app.register(rateLimit, { max: 100_000_000, timeWindow: 60_000, enableDraftSpec: true });

app.addHook('onSend', async (request, reply) => {
  reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', vary: 'origin' });
});

app.addHook('onResponse', async (request, reply) => {
  const path = request.url.split('?', 1)[0];
  const line = {
    request_id: request.id,
    'http.request.method': request.method,
    'url.path': path,
    'http.response.status_code': reply.statusCode,
    'http.response.body.size': Number(reply.getHeader('content-length') ?? 0),
    'http.server.request.duration': reply.elapsedTime / 1000,
    'network.peer.address': request.ip,
  };
  request.log.info(line, 'request');
});

app.setErrorHandler((error, request, reply) => {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error(error);
  problem(reply, status, status >= 500 ? 'Something went wrong.' : error.message);
});

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

const catalog = new Catalog(join(options.databases, 'catalog.db'));
const users = new Users(join(options.databases, 'users.db'));
const orders = new Orders(options.orders, options.commits.split(',').map(Number));

app.get('/v1/products/:id', (request, reply) => {
  const found = UUID.test(request.params.id) && catalog.get(request.params.id.toLowerCase());
  if (!found) return problem(reply, 404, 'There is no such product.');
  return send(request, reply, JSON.stringify(found.product), `"v${found.version}.${found.product.stock.available}"`, PUBLIC);
});

app.get('/v1/products', { schema: { querystring: QUERY } }, (request, reply) => {
  const page = catalog.page(request.query);
  if (page.next_cursor !== null) reply.header('link', `</v1/products?cursor=${page.next_cursor}>; rel="next"`);
  const body = JSON.stringify(page);
  return send(request, reply, body, `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`, PUBLIC);
});

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

app.post('/v1/orders', { ...authenticated, schema: { body: ORDER } }, (request, reply) => {
  let total = 0;
  for (const { product_id, quantity } of request.body.items) {
    const found = catalog.get(product_id);
    if (!found) return problem(reply, 409, 'There is no such product.');
    total += found.product.price.amount * quantity;
  }
  const id = randomUUID();
  const order = JSON.stringify({ id, user_id: request.user.sub, status: 'pending_payment', total, request: request.body });
  orders.place(id, order);
  reply.code(201).type('application/json').send(order);
  orders.complete(id, order).catch((error) => request.log.error(error));
  return reply;
});

await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`Serving http://127.0.0.1:${app.server.address().port}\n`);
