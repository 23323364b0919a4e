/** Which page is shown at which address. Each is loaded when it is first opened. */
import { Navigate } from "react-router";
import type { RouteObject } from "react-router";

import { ErrorPage } from "./ErrorPage";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <Navigate to="/workflows" replace /> },
          { path: "idea2video", lazy: () => page(import("@/features/start/Idea2Video"), "Idea2Video") },
          { path: "script2video", lazy: () => page(import("@/features/start/Script2Video"), "Script2Video") },
          { path: "novel2video", lazy: () => page(import("@/features/start/Novel2Video"), "Novel2Video") },
          { path: "start", lazy: () => page(import("@/features/start/StartPage"), "StartPage") },
          {
            path: "start/:pipeline",
            lazy: () => page(import("@/features/start/PipelinePage"), "PipelinePage"),
          },
          {
            path: "workflows",
            lazy: () => page(import("@/features/workflow/WorkflowsPage"), "WorkflowsPage"),
          },
          {
            path: "workflows/:id",
            lazy: () => page(import("@/features/workflow/WorkflowPage"), "WorkflowPage"),
          },
          { path: "agents", lazy: () => page(import("@/features/agents/AgentsPage"), "AgentsPage") },
          {
            path: "operations",
            lazy: () => page(import("@/features/operations/OperationsPage"), "OperationsPage"),
          },
          { path: "account", lazy: () => page(import("@/features/session/AccountPage"), "AccountPage") },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

/** A route's component, from the module that exports it. */
async function page<Name extends string>(
  module: Promise<Record<Name, React.ComponentType>>,
  name: Name,
): Promise<{ Component: React.ComponentType }> {
  return { Component: (await module)[name] };
}
