/** Files that go to the server and come from it, with a token. */

import { ApiError } from "./ApiError";

interface Options {
  token: string;
  signal?: AbortSignal | undefined;
}

interface UploadOptions extends Options {
  /** How much of the file has been sent, 0.0-1.0. */
  onProgress: (fraction: number) => void;
}

/** Posts a file as the body. By XMLHttpRequest, as fetch does not say how much has been sent. Rejects like `request`. */
export function upload<Answer>(
  address: string,
  file: Blob,
  { token, signal, onProgress }: UploadOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", address);
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.setRequestHeader("Authorization", `Bearer ${token}`);
    sending.upload.addEventListener("progress", ({ loaded, total }) =>
      onProgress(total ? loaded / total : 0),
    );
    sending.addEventListener("load", () => void answerOf<Answer>(sending).then(resolve, reject));
    sending.addEventListener("error", () => reject(ApiError.unreachable()));
    sending.addEventListener("abort", () => reject(new DOMException("It was called off.", "AbortError")));
    signal?.addEventListener("abort", () => sending.abort());
    sending.send(file);
  });
}

/** The file at an address. Rejects with ApiError. */
export async function fetchBlob(address: string, { token, signal }: Options): Promise<Blob> {
  const response = await fetch(address, {
    headers: { Authorization: `Bearer ${token}` },
    credentials: "omit",
    ...(signal && { signal }),
  }).catch((reason: unknown) => {
    throw signal?.aborted ? reason : ApiError.unreachable();
  });
  if (!response.ok) throw await ApiError.from(response);
  return response.blob();
}

async function answerOf<Answer>(sent: XMLHttpRequest): Promise<Answer> {
  const retryAfter = sent.getResponseHeader("Retry-After");
  const response = new Response(sent.responseText, {
    status: sent.status,
    headers: retryAfter === null ? {} : { "Retry-After": retryAfter },
  });
  if (!response.ok) throw await ApiError.from(response);
  return (await response.json()) as Answer;
}
