// The reads of products and users from the databases of Spindle, which are opened read-only.

import Database from 'better-sqlite3';
import { HIGHEST, anything, tiersOf } from './product_query.js';
import * as sql from './sql.js';

/** The largest numbers of products in a price range, and of matches of a search, that are sorted. */
const SORTED_AT_MOST = 5000;
const SORTED_MATCHES_AT_MOST = 2500;

/** Prepares every statement in `texts`. Parameters are named, since better-sqlite3 allows no gaps between numbers: ?1 is p1. */
function prepared(db, texts) {
  const statement = (text) => db.prepare(text.replaceAll(/\?(\d+)/g, '@p$1'));
  const each = ([name, text]) => [name, typeof text === 'string' ? statement(text) : prepared(db, text)];
  return Object.fromEntries(Object.entries(texts).map(each));
}

export class Catalog {
  constructor(file) {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    this.sql = prepared(db, sql.products);
    this.sql.countMatches.pluck();
    this.sql.countInPriceRange.pluck();
  }

  /** Returns the product `id` and its version, if there is one. */
  get(id) {
    const row = this.sql.get.get({ p1: id });
    return row && { product: product(row), version: row.version };
  }

  /** Returns up to `limit` products of `query` after `position`, each with its number and tier. */
  page(query, position, limit) {
    if (query.search === null) return this.#list(query, position, limit);
    if (query.sort === 'relevance') return this.#tiers(query, position, limit);
    const expression = anything(query.search, query.filters.category);
    return expression === null ? [] : this.#sorted(query, expression, position, limit);
  }

  #list({ filters, sort }, position, limit) {
    const { list, listInCategory, listInPriceRange } = this.sql;
    const narrow = sort in listInPriceRange && this.#isNarrow(filters);
    const statements = narrow ? listInPriceRange : filters.category === null ? list : listInCategory;
    return statements[sort].all(values(filters, position, limit)).map((row) => item(row, 0));
  }

  #isNarrow({ min_price, max_price }) {
    if (min_price === null && max_price === null) return false;
    const count = this.sql.countInPriceRange.get({ p1: min_price ?? 0, p2: max_price ?? HIGHEST, p3: SORTED_AT_MOST + 1 });
    return count <= SORTED_AT_MOST;
  }

  #tiers({ search, filters }, [from, number], limit) {
    const items = [];
    for (const [tier, expression] of [null, ...tiersOf(search, filters.category)].entries()) {
      if (tier < from) continue;
      const start = tier === from ? number : HIGHEST;
      const rest = { ...values(filters, [0, start], limit - items.length) };
      const rows = expression === null
        ? this.sql.bySku.all({ ...rest, p9: search.sku_key })
        : this.sql.tier.all({ ...rest, p9: expression, p10: search.sku_key });
      for (const row of rows) items.push(item(row, tier));
      if (items.length === limit) break;
    }
    return items;
  }

  #sorted({ filters, sort }, expression, position, limit) {
    const { search, searchAmong, countMatches } = this.sql;
    const isLarge = sort in searchAmong
      && countMatches.get({ p1: expression, p2: SORTED_MATCHES_AT_MOST + 1 }) > SORTED_MATCHES_AT_MOST;
    const statement = isLarge ? searchAmong[sort] : search[sort];
    return statement.all({ ...values(filters, position, limit), p9: expression }).map((row) => item(row, 0));
  }
}

/** Returns the parameters 1 to 8. */
function values({ category, currency, min_price, max_price, in_stock }, [key, number], limit) {
  const stocked = in_stock === null ? null : Number(in_stock);
  return { p1: limit, p2: category, p3: currency, p4: min_price ?? 0, p5: max_price ?? HIGHEST, p6: stocked, p7: key, p8: number };
}

function item(row, tier) {
  return { product: product(row), number: row.number, tier };
}

/** Returns the JSON of a product. */
function product(row) {
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    price: { amount: row.price_amount, currency: row.currency },
    category: row.category,
    attributes: JSON.parse(row.attributes),
    stock: { available: row.on_hand - row.reserved - row.allocated },
    status: row.status,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

export class Users {
  constructor(file) {
    this.sql = prepared(new Database(file, { readonly: true, fileMustExist: true }), sql.users);
  }

  /** Returns the user `id` and its version, if there is one. */
  get(id) {
    const row = this.sql.get.get({ p1: id });
    return row && { user: user(row), version: row.version };
  }
}

function user(row) {
  return {
    id: row.id,
    email: row.email,
    display_name: row.display_name,
    role: row.role,
    locale: row.locale,
    phone: row.phone,
    addresses: JSON.parse(row.addresses),
    notification_preferences: { email: row.notify_email === 1, sms: row.notify_sms === 1, push: row.notify_push === 1 },
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}
