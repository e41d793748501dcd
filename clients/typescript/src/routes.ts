/** Finds the operation that a request is of. */

import { ANONYMOUS, KEYED, OPTIONAL } from "./operations.js";

/** The part of an operation that the client has to know. */
export interface Operation {
  /** Whether it takes an access token. */
  token: "none" | "optional" | "required";
  /** Whether it takes an `Idempotency-Key`. */
  isKeyed: boolean;
}

/** Returns the operation of a request; `undefined` if the request goes elsewhere, where no token may go. */
export type OperationOf = (request: Request) => Operation | undefined;

/** Returns the function for the platform at `baseUrl`. */
export function operationsAt(baseUrl: string): OperationOf {
  const anonymous = matcher(ANONYMOUS);
  const optional = matcher(OPTIONAL);
  const keyed = matcher(KEYED);
  return (request) => {
    const address = request.url.replace(/[?#].*$/s, "");
    if (!address.startsWith(`${baseUrl}/`)) {
      return undefined;
    }
    const name = `${request.method} ${address.slice(baseUrl.length)}`;
    const isOptional = optional.test(name);
    const token = isOptional ? "optional" : "required";
    return {
      token: anonymous.test(name) ? "none" : token,
      isKeyed: keyed.test(name),
    };
  };
}

/** Returns the expression that matches `GET /v1/orders/1` if `operations` has `GET /v1/orders/{id}`. */
function matcher(operations: readonly string[]): RegExp {
  const patterns = operations.map((name) =>
    name.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[^/]+"),
  );
  return new RegExp(`^(?:${patterns.join("|")})$`);
}
