/** Builds @callboard/client and @callboard/react into the folder `dist` of each, as they are published: ES modules, types, the style sheet. */

import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const HERE = import.meta.dirname;

for (const name of ["client", "react"]) {
  const folder = join(HERE, name);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  await build({
    configFile: false,
    root: folder,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic" } },
    build: {
      lib: { entry: "src/index.ts", formats: ["es"], fileName: "index" },
      target: "es2023",
      minify: false, // whoever uses it does that
      rolldownOptions: { external: [/^react($|\/)/, "@callboard/client"] },
    },
  });
  execFileSync("npx", ["--no-install", "tsc", "--project", join(folder, "tsconfig.build.json")], {
    stdio: "inherit",
  });
  completeImports(join(folder, "dist"));
}
copyFileSync(join(HERE, "react/src/styles.css"), join(HERE, "react/dist/styles.css"));

/** In declarations Node's own way of resolution needs the ending. */
function completeImports(dist) {
  for (const file of readdirSync(dist, { recursive: true }).filter((each) => each.endsWith(".d.ts"))) {
    const path = join(dist, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(/(from "\.{1,2}\/[^"]+)"/g, '$1.js"'));
  }
}
