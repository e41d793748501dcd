/** Waiting that an `AbortSignal` ends. */

/** Resolves after `milliseconds`; rejects with the reason of `signal` once it is aborted. */
export function delay(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return unlessAborted(elapsed, signal).finally(() => clearTimeout(timer));
}

/** Settles as `work` does; rejects with the reason of `signal` once it is aborted. `work` goes on. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", abort);
  if (signal.aborted) {
    abort();
  }
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
