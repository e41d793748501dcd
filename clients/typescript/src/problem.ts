/** Problem details: the form of every error of the API (RFC 9457). */

import type { Problem } from "./schema.js";

/** A problem as an error, for those who prefer to catch it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  /** The problem details. */
  readonly problem: Problem;
  /** The response that had them. */
  readonly response: Response;

  constructor(problem: Problem, response: Response) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
    this.response = response;
  }
}

/**
 * Returns the data of a result.
 *
 *     const order = await unwrap(spindle.GET("/v1/orders/{id}", { params: { path: { id } } }));
 *
 * @throws {ProblemError} if it is an error.
 */
export async function unwrap<R extends Result>(
  result: R | PromiseLike<R>,
): Promise<DataOf<R>> {
  const { data, error, response } = await result;
  if (response.ok) {
    return data as DataOf<R>;
  }
  throw new ProblemError((error as Problem) || problemOf(response), response);
}

/** A result, as the methods of the client return it. */
export interface Result {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** The data of a result that is no error. */
export type DataOf<R extends Result> = R extends { error?: never }
  ? R["data"]
  : never;

/** Returns `response`; with problem details if it is an error without any, such as one of a proxy. */
export function withProblem(request: Request, response: Response): Response {
  const type = response.headers.get("content-type") ?? "";
  if (
    response.status < 400 ||
    request.method === "HEAD" ||
    type.startsWith("application/problem+json")
  ) {
    return response;
  }
  const problem = problemOf(response, new URL(request.url).pathname);
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) {
    headers.delete(name);
  }
  headers.set("content-type", "application/problem+json");
  const { status, statusText } = response;
  return new Response(JSON.stringify(problem), { status, statusText, headers });
}

/** Returns problem details that say no more than the status. */
function problemOf(response: Response, instance = ""): Problem {
  return {
    type: "about:blank",
    title: response.statusText || `HTTP status ${response.status}`,
    status: response.status,
    detail: "The response has no problem details.",
    instance,
    request_id: response.headers.get("x-request-id") ?? "",
  };
}
