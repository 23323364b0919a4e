import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where Django listens while the page comes from Vite's own server.
const BACKEND = process.env["CALLBOARD_BACKEND"] ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  // Built, everything lies under Django's STATIC_URL; Vite's own server serves the pages at their real paths.
  base: command === "build" ? "/static/" : "/",
  // The server replaces it in each page that it sends: see project/pages.py.
  ...(command === "build" && { html: { cspNonce: "%STYLE_NONCE%" } }),
  build: {
    target: "es2023",
    assetsInlineLimit: 0, // no data: addresses, so that a strict Content-Security-Policy is possible
    chunkSizeWarningLimit: 700, // kB
    rolldownOptions: {
      output: {
        // Libraries change more seldom than we do: a release leaves them in the browser's cache.
        codeSplitting: {
          groups: [{ name: "react", test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ }],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": BACKEND,
      "/admin": BACKEND,
      "/static/admin": BACKEND,
      "/ws": { target: BACKEND, ws: true },
    },
  },
}));
