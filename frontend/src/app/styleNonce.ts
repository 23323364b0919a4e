/** The nonce of style elements that are added while the app runs: the server puts it into the page, and into its Content-Security-Policy. */

const meta = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]");

/** "" where the page has none: from Vite's own server, which sends no policy. */
export const styleNonce = meta?.nonce ?? "";

// Where react-remove-scroll, which Mantine's dialogs use, looks for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
