// The statements of the catalog (components/catalog/src/store), word for word, and the read of a user.
//
// The statements of lists have the same parameters: ?1 the number of rows, ?2 category, ?3 currency, ?4 and ?5 the lowest and the highest price,
// ?6 whether in stock, ?7 and ?8 the position after which to start; those of searches also ?9, the expression for FTS5.

const COLUMNS = `p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes, p.on_hand, p.reserved,
  p.status, p.created_at, p.updated_at, p.version, p.allocated`;

const FILTERED = `p.status = 'active' AND (?2 IS NULL OR p.category = ?2) AND (?3 IS NULL OR p.currency = ?3)
  AND +p.price_amount BETWEEN ?4 AND ?5 AND (?6 IS NULL OR (p.on_hand > p.reserved + p.allocated) = ?6)`;

const page = (from, after, order) =>
  `SELECT ${COLUMNS}, p.number, p.name_key FROM ${from} WHERE ${FILTERED} AND ${after} ORDER BY ${order} LIMIT ?1`;

const newest = (from, and = '') => page(from, `p.number < ?8${and}`, 'p.number DESC');
const byPrice = (from, and = '') =>
  page(from, `(p.price_amount, p.number) > (?7, ?8) AND p.price_amount <= ?5${and}`, 'p.price_amount, p.number');
const byPriceDesc = (from, and = '') =>
  page(from, `(p.price_amount, p.number) < (?7, ?8) AND p.price_amount >= ?4${and}`, 'p.price_amount DESC, p.number DESC');
const byName = (from, and = '') => page(from, `(p.name_key, p.number) > (?7, ?8)${and}`, 'p.name_key, p.number');

const ALL = 'products AS p';
const BY_PRICE = 'products AS p INDEXED BY products_by_price';
const IN_CATEGORY = ' AND p.category = ?2';
const IN_PRICE_RANGE = ' AND p.price_amount BETWEEN ?4 AND ?5';

const MATCHES = 'products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid';
const MATCH = ' AND products_fts MATCH ?9';
const AMONG_MATCHES = ' AND +p.number IN (SELECT rowid FROM products_fts WHERE products_fts MATCH ?9)';

export const products = {
  get: `SELECT ${COLUMNS} FROM products AS p WHERE p.id = ?1`,
  countInPriceRange: `SELECT count(*) FROM (
    SELECT 1 FROM products AS p WHERE p.status = 'active' AND p.price_amount BETWEEN ?1 AND ?2 LIMIT ?3)`,
  list: {
    newest: newest(ALL),
    price: byPrice(ALL),
    '-price': byPriceDesc(ALL),
    name: byName(ALL),
  },
  listInCategory: {
    newest: newest(ALL, IN_CATEGORY),
    price: byPrice(ALL, IN_CATEGORY),
    '-price': byPriceDesc(ALL, IN_CATEGORY),
    name: byName(ALL, IN_CATEGORY),
  },
  listInPriceRange: {
    newest: newest(BY_PRICE, IN_PRICE_RANGE),
    name: byName(BY_PRICE, IN_PRICE_RANGE),
  },
  bySku: `SELECT ${COLUMNS}, p.number, p.name_key FROM products AS p WHERE p.sku_key = ?9 AND p.number < ?8 AND ${FILTERED} LIMIT ?1`,
  tier: `SELECT ${COLUMNS}, p.number, p.name_key FROM ${MATCHES}
    WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND p.sku_key <> ?10 AND ${FILTERED} ORDER BY f.rowid DESC LIMIT ?1`,
  countMatches: 'SELECT count(*) FROM (SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT ?2)',
  search: {
    newest: `SELECT ${COLUMNS}, p.number, p.name_key FROM ${MATCHES}
      WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND ${FILTERED} ORDER BY f.rowid DESC LIMIT ?1`,
    price: byPrice(MATCHES, MATCH),
    '-price': byPriceDesc(MATCHES, MATCH),
    name: byName(MATCHES, MATCH),
  },
  searchAmong: {
    price: byPrice(BY_PRICE, AMONG_MATCHES),
    '-price': byPriceDesc(BY_PRICE, AMONG_MATCHES),
    name: byName('products AS p INDEXED BY products_by_name', AMONG_MATCHES),
  },
};

export const users = {
  get: `SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at, updated_at,
    version FROM users WHERE id = ?1 AND erased_at IS NULL`,
};
