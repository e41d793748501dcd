// A session of the API in the memory of the page: its access token is renewed shortly before it expires.

/** The session as the page shows it. */
export interface Session {
  readonly accessToken: string;
  readonly email: string;
  readonly role: string;
}

/** The response to a log-in and to a refresh, as far as the page reads it. */
interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly user: { readonly email: string; readonly role: string };
}

/** The seconds before the expiry of an access token at which it is renewed. */
const RENEWED_BEFORE = 30;

let refreshToken: string | undefined;
let renewal: ReturnType<typeof setTimeout> | undefined;

/** Logs in. An error has a sentence for the person who tried. `onChange` gets the session, each renewed one, and `undefined` when it has ended. */
export async function logIn(
  email: string,
  password: string,
  onChange: (session: Session | undefined) => void,
): Promise<void> {
  keep(await send("/v1/auth/login", { email, password }), onChange);
}

/** Ends the session. */
export async function logOut(onChange: (session: Session | undefined) => void): Promise<void> {
  const token = refreshToken;
  refreshToken = undefined;
  clearTimeout(renewal);
  onChange(undefined);
  if (token !== undefined) {
    await post("/v1/auth/logout", { refresh_token: token });
  }
}

function keep(tokens: TokenResponse, onChange: (session: Session | undefined) => void): void {
  refreshToken = tokens.refresh_token;
  const { email, role } = tokens.user;
  onChange({ accessToken: tokens.access_token, email, role });
  const renew = async () => {
    try {
      keep(await send("/v1/auth/refresh", { refresh_token: tokens.refresh_token }), onChange);
    } catch {
      refreshToken = undefined;
      onChange(undefined);
    }
  };
  clearTimeout(renewal);
  renewal = setTimeout(() => void renew(), Math.max(tokens.expires_in - RENEWED_BEFORE, 1) * 1000);
}

async function send(path: string, body: object): Promise<TokenResponse> {
  const response = await post(path, body);
  if (response === undefined) {
    throw new Error("The platform cannot be reached.");
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `The platform responded with ${response.status}.`);
  }
  return (await response.json()) as TokenResponse;
}

function post(path: string, body: object): Promise<Response | undefined> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return fetch(path, request).catch(() => undefined);
}
