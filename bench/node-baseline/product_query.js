// The query of the list of products and the cursors of its pages, as in components/catalog/src/{product_query,search}.rs.

import { createHash } from 'node:crypto';

const MAX_TERMS = 16;
const MAX_TERM = 64;

/** The schema of the query string, which Fastify validates. */
export const QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    q: { type: 'string' },
    category: { type: 'string' },
    min_price: { type: 'integer' },
    max_price: { type: 'integer' },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    in_stock: { type: 'boolean' },
    sort: { type: 'string', enum: ['relevance', 'price', '-price', 'name', 'newest'] },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', maxLength: 1024 },
  },
};

/** The highest price of a list without `max_price`, and the number after the last product. */
export const HIGHEST = 9223372036854775807n;

/** Returns the product query of the query string `query`. */
export function productQueryOf(query) {
  const search = parseSearch(query.q ?? '');
  const requested = query.sort ?? 'relevance';
  const sort = requested === 'relevance' && search === null ? 'newest' : requested;
  const { category = null, min_price = null, max_price = null, currency = null, in_stock = null } = query;
  return { search, filters: { category, currency, in_stock, max_price, min_price }, sort };
}

/** The names of the sort orders in the checksum of cursors. */
const SORTS = { relevance: 'Relevance', newest: 'Newest', price: 'Cheapest', '-price': 'Dearest', name: 'Name' };

/** Returns the name of the list of a product query in cursors. */
export function nameOf({ search, filters, sort }) {
  return `products ${JSON.stringify([search && { begun: search.prefix, sku_key: search.sku_key, whole: search.whole }, filters, SORTS[sort]])}`;
}

/** Returns the position before the first product: a sort key and a number. */
export function startOf({ filters, sort }) {
  switch (sort) {
    case 'price': return [filters.min_price ?? 0, 0];
    case '-price': return [filters.max_price ?? HIGHEST, HIGHEST];
    case 'name': return ['', 0];
    default: return [0, HIGHEST];
  }
}

/** Returns the cursor of the list `name` at `position`. */
export function encodeCursor(name, position) {
  const payload = Buffer.from(JSON.stringify(position));
  return Buffer.concat([checksum(name, payload), payload]).toString('base64url');
}

/** Returns the position in a cursor of the list `name`; undefined if it is of another list. */
export function decodeCursor(name, text) {
  const bytes = Buffer.from(text, 'base64url');
  const payload = bytes.subarray(8);
  if (bytes.length <= 8 || !checksum(name, payload).equals(bytes.subarray(0, 8))) return undefined;
  return JSON.parse(payload.toString());
}

function checksum(name, payload) {
  return createHash('sha256').update(name).update('\0').update(payload).digest().subarray(0, 8);
}

/** Parses the text of a client to expressions of FTS5; null if it is blank. */
export function parseSearch(typed) {
  const text = typed.trim();
  if (text === '') return null;
  const found = terms(text);
  const endsInWord = found.length > 0 && !found.at(-1).isPhrase;
  const whole = found.map((term) => quoted(term.text)).join(' ');
  return { sku_key: text.replace(/^"+|"+$/g, '').toLowerCase(), whole, prefix: endsInWord ? `${whole}*` : null };
}

/** Returns one expression for all matches; null if nothing can match. */
export function anything(search, category) {
  return search.whole === '' ? null : within(category, search.prefix ?? search.whole);
}

/** Returns the expressions of the tiers from 1 on. */
export function tiersOf({ whole, prefix }, category) {
  const tiers = [];
  if (whole !== '') tiers.push(`{name} : (${whole})`, `(${whole}) NOT ({name} : (${whole}))`);
  if (prefix !== null) {
    tiers.push(`({name} : (${prefix})) NOT (${whole})`, `(${prefix}) NOT ((${whole}) OR ({name} : (${prefix})))`);
  }
  return tiers.map((tier) => within(category, tier));
}

function within(category, expression) {
  return category !== null && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(category)
    ? `(${expression}) AND ({category} : ${quoted(category)})`
    : expression;
}

function terms(text) {
  const found = [];
  for (const [index, part] of text.split('"').entries()) {
    const isPhrase = index % 2 === 1;
    for (const piece of isPhrase ? [part] : part.split(/\s+/u)) {
      if (/[\p{Alphabetic}\p{N}]/u.test(piece)) found.push({ text: Array.from(piece).slice(0, MAX_TERM).join(''), isPhrase });
    }
    if (found.length >= MAX_TERMS) return found.slice(0, MAX_TERMS);
  }
  return found;
}

function quoted(text) {
  return `"${text.replace(/[\p{Cc}"]/gu, ' ')}"`;
}
