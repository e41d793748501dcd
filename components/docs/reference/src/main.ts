// The page at /docs: Scalar shows the OpenAPI document of this instance and sends the requests that a person tries; the bar above it logs in.

import "@scalar/api-reference/style.css";
import "./style.css";
import { createApiReference } from "@scalar/api-reference";
import { logIn, logOut, type Session } from "./session";

/** Returns the element with this id, which index.html has. */
function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`index.html has no ${type.name} ${id}`);
  }
  return found;
}

type Configuration = NonNullable<Parameters<typeof createApiReference>[1]>;

/** Returns the configuration of the reference: nothing of Scalar's services, and no request to another origin. */
function configuration(token: string): Configuration {
  return {
    url: "/openapi.json",
    // The document says `/`, which would double the slash before each path.
    servers: [{ url: window.location.origin, description: "The platform that serves this page." }],
    agent: { disabled: true },
    mcp: { disabled: true },
    telemetry: false,
    withDefaultFonts: false,
    hideClientButton: true,
    showDeveloperTools: "never",
    persistAuth: false,
    // The themes of Scalar would be inserted into the page as a style element, which its policy refuses: style.css has the colours.
    theme: "none",
    documentDownloadType: "none",
    defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
    // The languages that few callers of a shop use.
    hiddenClients: ["c", "clojure", "dart", "fsharp", "http", "objc", "ocaml", "powershell", "r", "swift"],
    hideModels: true,
    operationTitleSource: "summary",
    showOperationId: true,
    onRequestBuilt: ({ request }) => fillIdempotencyKey(request),
    onResponseReceived: showResponse,
    authentication: { preferredSecurityScheme: "bearer", securitySchemes: { bearer: { token } } },
  };
}

/** Gives a POST without a key one of its own. Operations that take none ignore it. */
function fillIdempotencyKey({ method, headers }: Request): void {
  if (method === "POST" && !headers.get("Idempotency-Key")) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    headers.set("Idempotency-Key", Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
}

/** Brings the response into view, which is below the request on a narrow screen. */
function showResponse(): void {
  const response = document.querySelector('[role="dialog"] section[aria-label="Response"]');
  setTimeout(() => response?.scrollIntoView({ block: "start" }));
}

const reference = createApiReference("#reference", configuration(""));

const user = element("user", HTMLParagraphElement);
const logInButton = element("log-in", HTMLButtonElement);
const logOutButton = element("log-out", HTMLButtonElement);
const dialog = element("log-in-dialog", HTMLDialogElement);
const form = element("log-in-form", HTMLFormElement);
const email = element("email", HTMLInputElement);
const password = element("password", HTMLInputElement);
const error = element("log-in-error", HTMLParagraphElement);

function show(session: Session | undefined): void {
  user.textContent = session === undefined ? "" : `${session.email} (${session.role})`;
  logInButton.hidden = session !== undefined;
  logOutButton.hidden = session === undefined;
  reference.updateConfiguration(configuration(session?.accessToken ?? ""));
}

logInButton.addEventListener("click", () => {
  error.textContent = "";
  dialog.showModal();
});
element("log-in-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
logOutButton.addEventListener("click", () => {
  void logOut(show);
  logInButton.focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  error.textContent = "";
  logIn(email.value, password.value, show).then(
    () => {
      form.reset();
      dialog.close();
      logOutButton.focus();
    },
    (reason: unknown) => {
      error.textContent = reason instanceof Error ? reason.message : String(reason);
      password.select();
    },
  );
});
