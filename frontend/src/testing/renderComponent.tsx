/** Renders a component as a page would, for tests: theme, router, and no transitions. */
import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { MemoryRouter } from "react-router";

import { cssVariablesResolver, theme } from "@/app/theme";

export function renderComponent(element: ReactElement) {
  const wrap = (inner: ReactElement) => (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      <MemoryRouter>{inner}</MemoryRouter>
    </MantineProvider>
  );
  const { rerender } = render(wrap(element));
  return { user: userEvent.setup(), change: (next: ReactElement) => rerender(wrap(next)) };
}
