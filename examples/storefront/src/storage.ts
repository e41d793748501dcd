/** Values that the browser keeps between visits, shared by all tabs of the shop. */
import type { Signal } from "@preact/signals";
import { effect, signal } from "@preact/signals";

/** The part of `localStorage` that is used here. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Returns the store of this browser, or one that forgets, where the browser's settings forbid storage. */
export function browserStore(): Store {
  try {
    const store = globalThis.localStorage;
    store.getItem("");
    return store;
  } catch {
    return memoryStore();
  }
}

/** Returns a store in memory. */
export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** Reads the value at `key`. What `parse` does not accept, such as the value of an earlier release, counts as none. */
export function read<T>(
  store: Store,
  key: string,
  parse: (value: unknown) => T | undefined,
): T | undefined {
  const text = store.getItem(key);
  if (text === null) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Writes the value at `key`; `undefined` removes it. A full storage is no reason to stop: the value is then kept until the page is left. */
export function write(store: Store, key: string, value: unknown): void {
  try {
    if (value === undefined) store.removeItem(key);
    else store.setItem(key, JSON.stringify(value));
  } catch {
    // The quota is used up.
  }
}

/** Returns a signal whose value is kept at `key`, and follows what other tabs write. */
export function storedSignal<T>(
  key: string,
  initial: T,
  parse: (value: unknown) => T | undefined,
): Signal<T> {
  const store = browserStore();
  const value = signal(read(store, key, parse) ?? initial);
  let written = value.peek();
  effect(() => {
    if (value.value === written) return;
    written = value.value;
    write(store, key, written);
  });
  globalThis.addEventListener?.("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    written = read(store, key, parse) ?? initial;
    value.value = written;
  });
  return value;
}
