/** `fetch` that tells how much of a body has been sent: it does so itself nowhere yet, XMLHttpRequest everywhere but in Node. */

/** `onSent`: called with the share that is under way, 0–1; 1 at the end of it, at the latest. Rejects as `fetch` does. */
export async function fetchTellingSent(
  address: string,
  wish: RequestInit,
  onSent: (fraction: number) => void,
): Promise<Response> {
  if (typeof XMLHttpRequest === "undefined") {
    const response = await fetch(address, wish);
    onSent(1);
    return response;
  }
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(wish.method ?? "GET", address);
    new Headers(wish.headers).forEach((value, name) => xhr.setRequestHeader(name, value));
    xhr.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onSent(loaded / total);
    });
    xhr.upload.addEventListener("load", () => onSent(1));
    xhr.addEventListener("load", () => resolve(answerOf(xhr)));
    xhr.addEventListener("error", () => reject(new TypeError("The network failed.")));
    xhr.addEventListener("abort", () => reject(abortedBy(wish.signal)));
    if (wish.signal?.aborted) {
      reject(abortedBy(wish.signal));
      return;
    }
    wish.signal?.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(wish.body as XMLHttpRequestBodyInit | null);
  });
}

function answerOf(xhr: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of xhr.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  const hasBody = ![204, 205, 304].includes(xhr.status);
  return new Response(hasBody ? xhr.responseText : null, { status: xhr.status, headers });
}

function abortedBy(signal: AbortSignal | null | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException("Aborted", "AbortError");
}
