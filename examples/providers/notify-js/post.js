// What it takes to reach a service on the internet: its settings, and one HTTP POST.

import { get } from "fermyon:spin/variables@2.0.0";

// The interface gives ten seconds for everything.
const TIMEOUT_MS = 9_000;

// How much of an answer is read.
const MAX_ANSWER = 16 * 1024;

/** What is thrown becomes the error of the interface: the tag is its name, the value its text. */
export const retryable = (val) => ({ tag: "retryable", val });

/** Whether what was answered with this status may work at another attempt. */
export const isLater = (status) => [408, 425, 429].includes(status) || status >= 500;

/** What the service calls what it was sent, as far as it says so: up to 255 characters. */
export function id(text) {
  try {
    const { id } = JSON.parse(text);
    return typeof id === "string" ? id.slice(0, 255) : "";
  } catch {
    return "";
  }
}

/** A variable of the component that this is composed into; empty if it has none of that name. */
export function setting(name) {
  try {
    return get(name).trim();
  } catch {
    return "";
  }
}

/**
 * Posts to the variable `endpoint` as JSON, and gives the status and as much of the answer as is worth reading. Redirects are not followed.
 * Throws a `retryable` if there is no answer in time, or nowhere to post to.
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
      throw retryable("no answer in time");
    }
    return { status: response.status, text: await read(response.body, late) };
  } catch (error) {
    throw error.tag ? error : retryable(`no answer: ${error.message}`);
  } finally {
    clearTimeout(timer);
  }
}

/** As much of the body as there is in time: the status has already said what matters. */
async function read(body, late) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader && text.length < MAX_ANSWER) {
      const chunk = await Promise.race([reader.read(), late]);
      if (!chunk || chunk.done) {
        break;
      }
      text += decoder.decode(chunk.value, { stream: true });
    }
  } catch {
    // It broke off.
  }
  return text;
}
