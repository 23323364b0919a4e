import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "@fontsource-variable/archivo/wdth.css";
import "@fontsource/courier-prime/400.css";
import "@mantine/core/styles.css";
import "@callboard/react/styles.css";
import "./app/global.css";
import { App } from "./app/App";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
