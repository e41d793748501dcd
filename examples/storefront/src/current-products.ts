/** Products as they are now, past the caches on the way. */
import type { Product } from "@spindle-commerce/client";
import type { Outcome } from "./problems";
import { kind, outcome } from "./problems";
import { spindle } from "./shop";

/**
 * Reads the products with these ids. The map has null for one that does not exist; one that could not be read is not in it. `signal` aborts all
 * requests.
 */
export async function currentProducts(
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Outcome<ReadonlyMap<string, Product | null>>> {
  const found = new Map<string, Product | null>();
  await Promise.all(
    ids.map(async (id) => {
      const read = await outcome(
        // A stored response may be half a minute old, and the customer has waited for this one.
        spindle.GET("/v1/products/{id}", {
          params: { path: { id } },
          cache: "no-cache",
          ...(signal && { signal }),
        }),
      );
      if (read.data) found.set(id, read.data);
      else if (read.problem && kind(read.problem) === "not-found")
        found.set(id, null);
    }),
  );
  return { data: found, response: new Response() };
}
