/** Problems of the API as sentences for customers, each where it belongs: at a field, or above the form. */
import type { Problem } from "@spindle-commerce/client";
import { ProblemError } from "@spindle-commerce/client";

/** The type of a problem without its prefix: `price-changed`. */
export function kind(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf("/") + 1);
}

/** The response to a request: its data, or the problem. `response` is missing if the platform was not reached. */
export type Outcome<T> =
  | { data: T; problem?: undefined; response: Response }
  | { data?: undefined; problem: Problem; response?: Response | undefined };

/** Returns the outcome of a request of the client, which throws if the platform cannot be reached. A request that was aborted still throws. */
export async function outcome<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Outcome<T>> {
  try {
    const { data, error, response } = await request;
    if (response.ok) return { data: data as T, response };
    // The client makes a problem of every response of an error, of a proxy as well.
    return { problem: error as Problem, response };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** Returns the problem that a call of the client threw. Rethrows what is no failure of a request: an abort, or a defect of this page. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TypeError || error instanceof DOMException)
    return unreachable();
  throw error;
}

/** The problem of a request that got no response; its status is 0. */
export function unreachable(): Problem {
  return {
    type: "about:blank",
    title: "No connection",
    status: 0,
    detail: "The shop cannot be reached. Check your connection, and try again.",
    instance: "",
    request_id: "",
  };
}

/** What a customer reads about a problem as a whole. */
export function sentence(problem: Problem): string {
  switch (kind(problem)) {
    case "about:blank":
      return problem.status === 0
        ? problem.detail
        : "The shop did not answer as expected. Please try again.";
    case "invalid-credentials":
      return "The e-mail address or the password is wrong.";
    case "account-locked":
      return "There were too many wrong passwords. Wait a quarter of an hour, and try again.";
    case "unauthorized":
      return "You have been logged out. Log in again.";
    case "rate-limited":
      return "That was a little fast. Wait a moment, and try again.";
    case "unavailable":
      return "The shop is busy. Please try again in a moment.";
    case "internal-error":
      return "Something went wrong on our side. Please try again.";
    case "not-found":
      return "This does not exist, or it is not yours.";
    case "precondition-failed":
      return "This was changed meanwhile, perhaps in another window.";
    case "too-much-unpaid":
      return "You have too many orders that are not paid yet. Cancel one, or wait until it is paid.";
    case "validation-failed":
      return problem.errors?.length
        ? "Please check what is marked."
        : problem.detail;
    default:
      return problem.detail || problem.title;
  }
}

/** The errors of a form: a sentence for each field by the name of the field, and those that no field shows. */
export interface FormErrors {
  fields: Readonly<Record<string, string>>;
  others: readonly string[];
}

export const NO_ERRORS: FormErrors = { fields: {}, others: [] };

/**
 * Maps the errors of `problem` to the fields of a form. `fields` has the name of each field and its label by the pointer of its value below `at`:
 * an error at that value, or within it, is the field's. The first error of a field wins.
 */
export function formErrors(
  problem: Problem,
  fields: Readonly<Record<string, { name: string; label: string }>>,
  at = "",
): FormErrors {
  const found: Record<string, string> = {};
  const others: string[] = [];
  for (const error of problem.errors ?? []) {
    // A query parameter has the place that a value of its name would have.
    const pointer =
      error.pointer ??
      (error.parameter === undefined ? "" : `/${error.parameter}`);
    const below = pointer.startsWith(at) ? pointer.slice(at.length) : undefined;
    const field = below === undefined ? undefined : fieldAt(below, fields);
    if (!field)
      others.push(
        capitalised(error.detail, pointer.slice(pointer.lastIndexOf("/") + 1)),
      );
    else found[field.name] ??= capitalised(error.detail, field.label);
  }
  if (others.length === 0 && Object.keys(found).length === 0)
    others.push(sentence(problem));
  return { fields: found, others };
}

/** Returns the field of the longest pointer that is `pointer` or a value around it. */
function fieldAt<F>(
  pointer: string,
  fields: Readonly<Record<string, F>>,
): F | undefined {
  for (
    let place = pointer;
    place !== "";
    place = place.slice(0, place.lastIndexOf("/"))
  ) {
    const field = fields[place];
    if (field) return field;
  }
  return undefined;
}

/** Details are sentences, or their ends: `must have 1 to 100 characters`. */
function capitalised(detail: string, label: string): string {
  const isSentence = /^\p{Lu}/u.test(detail);
  const text = isSentence || label === "" ? detail : `${label} ${detail}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Returns the indexes of the items of an order that the errors of `problem` point at: `/items/2/quantity` is 2. */
export function itemIndexes(problem: Problem): number[] {
  const indexes = (problem.errors ?? []).flatMap(({ pointer }) => {
    const match = /^\/items\/(\d+)(\/|$)/.exec(pointer ?? "");
    return match ? [Number(match[1])] : [];
  });
  return [...new Set(indexes)];
}
