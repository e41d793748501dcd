/** The paths of the pages. */

/** The path below which the shop is served. */
export const BASE = "/shop";

export const paths = {
  home: `${BASE}/`,
  products: `${BASE}/products`,
  product: (id: string) => `${BASE}/products/${encodeURIComponent(id)}`,
  category: (slug: string) =>
    `${BASE}/products?category=${encodeURIComponent(slug)}`,
  cart: `${BASE}/cart`,
  checkout: `${BASE}/checkout`,
  orders: `${BASE}/orders`,
  order: (id: string) => `${BASE}/orders/${encodeURIComponent(id)}`,
  account: `${BASE}/account`,
  logIn: (from?: string) => withReturn(`${BASE}/log-in`, from),
  register: (from?: string) => withReturn(`${BASE}/register`, from),
};

function withReturn(path: string, from: string | undefined): string {
  return from === undefined || from === paths.home
    ? path
    : `${path}?return=${encodeURIComponent(from)}`;
}

/**
 * Returns the page to go to after the log-in: that of the parameter `return` if it is one of this shop, otherwise the start page. A link from
 * elsewhere can set the parameter, so another site, and a path that a browser reads as one, such as `//example.com`, is refused.
 */
export function returnPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith(`${BASE}/`)) return paths.home;
  const url = new URL(wanted, "http://shop.invalid");
  const inside =
    url.host === "shop.invalid" && url.pathname.startsWith(`${BASE}/`);
  return inside ? url.pathname + url.search : paths.home;
}
