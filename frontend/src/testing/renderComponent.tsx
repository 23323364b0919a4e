/** Renders a component as a page would, for tests: theme, router, and no transitions. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { MemoryRouter } from "react-router";

import { cssVariablesResolver, theme } from "@/app/theme";

export function renderComponent(element: ReactElement) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrap = (inner: ReactElement) => (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      <QueryClientProvider client={client}>
        <MemoryRouter>{inner}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
  const { rerender } = render(wrap(element));
  return { user: userEvent.setup(), change: (next: ReactElement) => rerender(wrap(next)) };
}
