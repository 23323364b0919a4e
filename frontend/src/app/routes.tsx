/** Which page is shown at which address. */
import { lazy } from "react";
import { Navigate } from "react-router";
import type { RouteObject } from "react-router";

import { AgentsPage } from "@/features/agents/AgentsPage";
import { ErrorPage } from "./ErrorPage";
import { Idea2Video } from "@/features/start/Idea2Video";
import { NotFound } from "./NotFound";
import { PipelinePage } from "@/features/start/PipelinePage";
import { Script2Video } from "@/features/start/Script2Video";
import { StartPage } from "@/features/start/StartPage";
import { WorkflowPage } from "@/features/workflow/WorkflowPage";
import { WorkflowsPage } from "@/features/workflow/WorkflowsPage";
import { Shell } from "./Shell";

const OperationsPage = lazy(async () => ({
  default: (await import("@/features/operations/OperationsPage")).OperationsPage,
}));

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <ErrorPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <Navigate to="/workflows" replace /> },
          { path: "idea2video", element: <Idea2Video /> },
          { path: "script2video", element: <Script2Video /> },
          { path: "start", element: <StartPage /> },
          { path: "start/:pipeline", element: <PipelinePage /> },
          { path: "workflows", element: <WorkflowsPage /> },
          { path: "workflows/:id", element: <WorkflowPage /> },
          { path: "agents", element: <AgentsPage /> },
          { path: "operations", element: <OperationsPage /> },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];
