import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "@callboard/react/styles.css";
import "./app.css";
import { App } from "./App";

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode children={<App />} />);
