/** The filters of the list of products, as they are in the address of the page: pure. */
import { minorUnits } from "./format";

/** The order of a list of products. */
export const SORTS = [
  "relevance",
  "newest",
  "price",
  "-price",
  "name",
] as const;
export type Sort = (typeof SORTS)[number];

/** The filters, as the visitor set them; an empty text sets none. Prices are as they were typed. */
export interface ProductFilters {
  q: string;
  category: string;
  currency: string;
  min_price: string;
  max_price: string;
  in_stock: boolean;
  sort: Sort | "";
  cursor: string;
}

/** Reads the filters from the query of the page. */
export function parseFilters(
  query: Readonly<Record<string, string>>,
): ProductFilters {
  const sort = SORTS.find((known) => known === query["sort"]) ?? "";
  return {
    q: query["q"]?.trim() ?? "",
    category: query["category"] ?? "",
    currency: query["currency"] ?? "",
    min_price: query["min_price"] ?? "",
    max_price: query["max_price"] ?? "",
    in_stock: query["in_stock"] === "true",
    sort,
    cursor: query["cursor"] ?? "",
  };
}

/** Returns the query of the page with `filters`, without those that are not set. */
export function filterQuery(filters: ProductFilters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== "" && value !== false) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Returns `filters` with `changed`, on the first page: a cursor belongs to its filters. */
export function changeFilters(
  filters: ProductFilters,
  changed: Partial<ProductFilters>,
): ProductFilters {
  return { ...filters, cursor: "", ...changed };
}

/** The query of `GET /v1/products`. */
export interface ProductQuery {
  limit: number;
  q?: string;
  category?: string;
  currency?: string;
  min_price?: number;
  max_price?: number;
  in_stock?: boolean;
  sort?: Sort;
  cursor?: string;
}

/**
 * Returns the query for the API. Prices and an order by price need a currency, which is `defaultCurrency` unless the visitor chose one. A price that
 * cannot be read is left out; the field shows its error.
 */
export function productQuery(
  filters: ProductFilters,
  defaultCurrency: string,
  limit: number,
): ProductQuery {
  const byPrice =
    filters.min_price !== "" ||
    filters.max_price !== "" ||
    filters.sort === "price" ||
    filters.sort === "-price";
  const currency = filters.currency || (byPrice ? defaultCurrency : "");
  const min =
    currency === "" ? undefined : minorUnits(filters.min_price, currency);
  const max =
    currency === "" ? undefined : minorUnits(filters.max_price, currency);
  return {
    limit,
    ...(filters.q && { q: filters.q }),
    ...(filters.category && { category: filters.category }),
    ...(currency && { currency }),
    ...(min !== undefined && { min_price: min }),
    ...(max !== undefined && { max_price: max }),
    ...(filters.in_stock && { in_stock: true }),
    ...(filters.sort && { sort: filters.sort }),
    ...(filters.cursor && { cursor: filters.cursor }),
  };
}
