import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "react-router/dom";

import { cssVariablesResolver, theme } from "./theme";
import { Providers } from "./Providers";
import { router } from "./routes";

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </MantineProvider>
  );
}
