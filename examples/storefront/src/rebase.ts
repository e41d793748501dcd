/** Two changes of one thing, of which the other came first: pure. */

/** Returns `theirs` with what `mine` has changed since `base`. */
export function rebase<T extends object>(mine: T, base: T, theirs: T): T {
  const result = { ...theirs };
  for (const key of changedKeys(base, mine)) result[key] = mine[key];
  return result;
}

/** Returns the keys whose values differ. */
export function changedKeys<T extends object>(
  before: T,
  after: T,
): (keyof T)[] {
  return (Object.keys(after) as (keyof T)[]).filter(
    (key) => before[key] !== after[key],
  );
}
