/** Hooks that the pages share. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "@spindle-commerce/client";
import type { Outcome } from "./problems";
import { SHOP_NAME } from "./shop";

/** What a page has of a resource. While it is read again, the data of before stays, and `loading` is true. */
export interface Resource<T> {
  data?: T | undefined;
  problem?: Problem | undefined;
  response?: Response | undefined;
  loading: boolean;
  reload: () => void;
}

/**
 * Reads a resource, and reads it again when `key` changes. The response to an earlier key is dropped. `key` has to name everything that `load` depends
 * on.
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<Outcome<T>>,
): Resource<T> {
  const [state, setState] = useState<{ key: string; outcome?: Outcome<T> }>({
    key,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const abort = new AbortController();
    setState((before) =>
      before.outcome === undefined
        ? before
        : { outcome: before.outcome, key: "" },
    );
    latest.current(abort.signal).then(
      (outcome) => {
        if (!abort.signal.aborted) setState({ key, outcome });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) throw error;
      },
    );
    return () => abort.abort();
  }, [key, turn]);

  return {
    data: state.outcome?.data,
    problem: state.outcome?.problem,
    response: state.outcome?.response,
    loading: state.outcome === undefined || state.key !== key,
    reload: useCallback(() => setTurn((n) => n + 1), []),
  };
}

/** Sets the title of the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? SHOP_NAME : `${title} · ${SHOP_NAME}`;
  }, [title]);
}

/** Returns a function that runs `work` unless it runs already, and whether it runs. */
export function useBusy(): [
  busy: boolean,
  run: (work: () => Promise<void>) => Promise<void>,
] {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    // The state is set with the next rendering, which is too late for a double click.
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await work();
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return [busy, run];
}
