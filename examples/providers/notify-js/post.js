// Settings, and one HTTP POST to a service on the internet.

import { get } from "fermyon:spin/variables@2.0.0";

// The interface allows ten seconds for a whole call.
const TIMEOUT_MS = 9_000;

// The longest part of a response that is read.
const MAX_RESPONSE = 16 * 1024;

/** Makes an exception that becomes the error of the interface: the tag is its name, the value its text. */
export const retryable = (val) => ({ tag: "retryable", val });

/** Returns whether a request with this status may succeed at another attempt. */
export const isLater = (status) => [408, 425, 429].includes(status) || status >= 500;

/** Returns the id in the response of the service, up to 255 characters; empty if it has none. */
export function id(text) {
  try {
    const { id } = JSON.parse(text);
    return typeof id === "string" ? id.slice(0, 255) : "";
  } catch {
    return "";
  }
}

/** Returns a variable of the component that this provider is composed into; empty if it is not defined. */
export function setting(name) {
  try {
    return get(name).trim();
  } catch {
    return "";
  }
}

/**
 * Posts JSON to the URL in the variable `endpoint`. Returns the status and up to 16 KiB of the body. Redirects are not followed.
 * Throws a `retryable` if there is no response in time, or no valid endpoint.
 */
export async function post(key, body, headers = {}) {
  const url = setting("endpoint");
  if (!url.startsWith("https://") && setting("allow_private") !== "true") {
    throw retryable("not configured: `endpoint` must begin with https://");
  }
  const request = {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
    redirect: "manual",
  };
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS);
  });
  try {
    const response = await Promise.race([fetch(url, request), late]);
    if (!response) {
      throw retryable("no response in time");
    }
    return { status: response.status, text: await read(response.body, late) };
  } catch (error) {
    throw error.tag ? error : retryable(`no response: ${error.message}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the part of the body that arrives in time. A part is enough: the status has already arrived. */
async function read(body, late) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader && text.length < MAX_RESPONSE) {
      const chunk = await Promise.race([reader.read(), late]);
      if (!chunk || chunk.done) {
        break;
      }
      text += decoder.decode(chunk.value, { stream: true });
    }
  } catch {
    // The connection was closed.
  }
  return text;
}
