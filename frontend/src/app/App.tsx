import { MantineProvider } from "@mantine/core";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";

import { cssVariablesResolver, theme } from "./theme";
import { Providers } from "./Providers";
import { routes } from "./routes";

const router = createBrowserRouter(routes);

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </MantineProvider>
  );
}
