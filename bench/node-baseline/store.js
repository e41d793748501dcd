// The reads of products and users from the databases of Spindle, which are opened read-only, and orders with as many durable commits.

import { join } from 'node:path';
import Database from 'better-sqlite3';

const PAGE = 20;

const COLUMNS = `p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes,
  p.on_hand - p.reserved - p.allocated AS available, p.status, p.created_at, p.updated_at, p.version, p.number`;

export class Catalog {
  constructor(file) {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    const products = (rest) => db.prepare(`SELECT ${COLUMNS} FROM ${rest}`);
    this.byId = products('products AS p WHERE p.id = ?');
    this.newest = products("products AS p WHERE p.status = 'active' ORDER BY p.number DESC LIMIT ?");
    this.filtered = products(`products AS p WHERE p.status = 'active' AND p.category = ? AND p.currency = ?
      AND p.price_amount BETWEEN ? AND ? AND (p.on_hand > p.reserved + p.allocated) = ? ORDER BY p.price_amount, p.number LIMIT ?`);
    this.bySku = products("products AS p WHERE p.sku_key = ? AND p.status = 'active' LIMIT ?");
    this.matches = products(`products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid
      WHERE products_fts MATCH ? AND p.sku_key <> ? AND p.status = 'active' ORDER BY f.rowid DESC LIMIT ?`);
  }

  /** Returns the product `id` and its version, if there is one. */
  get(id) {
    const row = this.byId.get(id);
    return row && { product: product(row), version: row.version };
  }

  /** Returns the products of the first page of `query`, and a cursor if there is a next page. */
  page(query) {
    const rows = this.#rows(query, PAGE + 1);
    const items = rows.slice(0, PAGE).map(product);
    return { items, next_cursor: rows.length > PAGE ? String(rows[PAGE - 1].number) : null };
  }

  #rows({ q, category, currency, min_price, max_price, in_stock, sort }, limit) {
    if (q !== undefined) return this.#search(q, limit);
    if (sort === undefined) return this.newest.all(limit);
    return this.filtered.all(category, currency, min_price, max_price, Number(in_stock), limit);
  }

  /** Returns the matches of a word in the order of the catalog: the SKU; the word in the name; elsewhere; as a prefix in the name; elsewhere. */
  #search(word, limit) {
    const rows = this.bySku.all(word, limit);
    const tiers = [
      `{name} : ("${word}")`,
      `("${word}") NOT ({name} : ("${word}"))`,
      `({name} : ("${word}"*)) NOT ("${word}")`,
      `("${word}"*) NOT (("${word}") OR ({name} : ("${word}"*)))`,
    ];
    for (const tier of tiers) {
      if (rows.length === limit) break;
      rows.push(...this.matches.all(tier, word, limit - rows.length));
    }
    return rows;
  }
}

function product(row) {
  const { id, sku, name, description, category, status } = row;
  return {
    id, sku, name, description,
    price: { amount: row.price_amount, currency: row.currency },
    category,
    attributes: JSON.parse(row.attributes),
    stock: { available: row.available },
    status,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

export class Users {
  constructor(file) {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    this.byId = db.prepare(`SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at,
      updated_at, version, status FROM users WHERE id = ? AND erased_at IS NULL`);
  }

  /** Returns the user `id` and its version, if there is one. */
  get(id) {
    const row = this.byId.get(id);
    return row && { user: user(row), version: row.version };
  }
}

function user(row) {
  return {
    id: row.id,
    email: row.email,
    display_name: row.display_name,
    role: row.role,
    status: row.status,
    locale: row.locale,
    phone: row.phone,
    addresses: JSON.parse(row.addresses),
    notification_preferences: { email: row.notify_email === 1, sms: row.notify_sms === 1, push: row.notify_push === 1 },
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

/** Orders in as many databases as those of the application; each commit stores a row of the size of an event, and waits for the disk. */
export class Orders {
  constructor(folder, [before, all]) {
    Object.assign(this, { before, all });
    this.databases = ['orders', 'catalog', 'payments', 'notifications'].map((name) => {
      const db = new Database(join(folder, `${name}.db`));
      db.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL, created_at INTEGER NOT NULL, captured_at INTEGER);
        CREATE TABLE IF NOT EXISTS steps (order_id TEXT NOT NULL, step INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (order_id, step));`);
      return db.prepare('INSERT INTO steps (order_id, step, body) VALUES (?, ?, ?)');
    });
    const orders = this.databases[0].database;
    this.insert = orders.prepare('INSERT INTO orders (id, body, created_at) VALUES (?, ?, ?)');
    this.setCaptured = orders.prepare('UPDATE orders SET captured_at = ? WHERE id = ?');
  }

  /** Makes the commits until the response. */
  place(id, body) {
    for (let step = 1; step < this.before; step += 1) this.#commit(id, step, body);
    this.insert.run(id, body, Date.now());
  }

  /** Makes the commits after the response, each in its own turn of the event loop. */
  async complete(id, body) {
    for (let step = this.before + 1; step < this.all; step += 1) {
      await new Promise(setImmediate);
      this.#commit(id, step, body);
    }
    this.setCaptured.run(Date.now(), id);
  }

  #commit(id, step, body) {
    this.databases[step % this.databases.length].run(id, step, body);
  }
}
