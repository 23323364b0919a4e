import { MantineProvider } from "@mantine/core";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";

import { cssVariablesResolver, theme } from "./theme";
import { Providers } from "./Providers";
import { routes } from "./routes";
import { styleNonce } from "./styleNonce";

const router = createBrowserRouter(routes);

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </MantineProvider>
  );
}
