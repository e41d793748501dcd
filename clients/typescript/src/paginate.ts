/** Iteration over all pages of a list. */

import type { CallOptions, Spindle } from "./client.js";
import { unwrap } from "./problem.js";
import type { paths } from "./schema.js";

/** The path of an operation that returns one page of a list. */
export type ListPath = {
  [Path in keyof paths]: paths[Path] extends { get: List<unknown> }
    ? Path
    : never;
}[keyof paths];

/** An item of the list at `Path`. */
export type ItemOf<Path extends ListPath> = paths[Path] extends {
  get: List<infer Item>;
}
  ? Item
  : never;

/** The options of {@link paginate}: those of the operation, and an `AbortSignal`. */
export interface ListOptions<Path extends ListPath> extends CallOptions {
  params?: { query?: QueryOf<Path> | undefined } | undefined;
}

interface List<Item> {
  responses: { 200: { content: { "application/json": Page<Item> } } };
}

interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

type PageResult<Item> = { data: Page<Item>; error?: never; response: Response };

type QueryOf<Path extends ListPath> = paths[Path] extends {
  get: { parameters: { query?: infer Query } };
}
  ? Query
  : never;

/**
 * Yields the items of a list, page after page. `limit` is the size of a page, 100 unless it is given.
 *
 *     for await (const order of paginate(spindle, "/v1/orders", { params: { query: { status: "paid" } } })) { ... }
 *
 * @throws {ProblemError} if a page is an error.
 */
export async function* paginate<Path extends ListPath>(
  spindle: Spindle,
  path: Path,
  options: ListOptions<Path> = {},
): AsyncGenerator<ItemOf<Path>, void, undefined> {
  // The types of all lists together are more than the compiler follows, and `options` has the types of this one.
  const get = spindle.GET as unknown as (
    path: Path,
    init: object,
  ) => Promise<PageResult<ItemOf<Path>>>;
  let cursor: string | null = null;
  do {
    const query = { limit: 100, ...(options.params?.query as object) };
    if (cursor !== null) {
      Object.assign(query, { cursor });
    }
    const page: Page<ItemOf<Path>> = await unwrap(
      get(path, { ...options, params: { query } }),
    );
    yield* page.items;
    cursor = page.next_cursor;
  } while (cursor !== null);
}
