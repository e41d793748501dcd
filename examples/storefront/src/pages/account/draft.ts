/** What is typed into a part of the account, and what it began with. */
import { useState } from "preact/hooks";
import { changedKeys, rebase } from "../../rebase";

/** A draft of values, of which those that the customer has changed are saved. */
export interface Draft<T extends object> {
  values: T;
  /** The keys that the customer has changed. */
  edited: readonly (keyof T)[];
  /** The keys that were changed elsewhere meanwhile; `undefined` unless there was such a change. */
  conflict: readonly (keyof T)[] | undefined;
  set: (changed: Partial<T>) => void;
  /** Begins again with the values that are saved. */
  reset: (saved: T) => void;
  /** Takes over what was changed elsewhere, but for what the customer has changed as well. */
  rebaseOn: (theirs: T) => void;
}

/** Returns a draft that begins with `saved`. */
export function useDraft<T extends object>(saved: T): Draft<T> {
  const [values, setValues] = useState(saved);
  const [base, setBase] = useState(saved);
  const [conflict, setConflict] = useState<readonly (keyof T)[] | undefined>();
  return {
    values,
    edited: changedKeys(base, values),
    conflict,
    set: (changed) => setValues((before) => ({ ...before, ...changed })),
    reset: (next) => {
      setValues(next);
      setBase(next);
      setConflict(undefined);
    },
    rebaseOn: (theirs) => {
      setValues(rebase(values, base, theirs));
      setBase(theirs);
      setConflict(changedKeys(base, theirs));
    },
  };
}
