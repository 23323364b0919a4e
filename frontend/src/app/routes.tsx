/** Which page lies at which address. */
import { Navigate, createBrowserRouter } from "react-router";
import type { RouteObject } from "react-router";

import { Agents } from "../pages/Agents";
import { ErrorPage } from "../pages/ErrorPage";
import { Idea2Video } from "../pages/Idea2Video";
import { NotFound } from "../pages/NotFound";
import { Script2Video } from "../pages/Script2Video";
import { WorkflowPage } from "../pages/WorkflowPage";
import { Workflows } from "../pages/Workflows";
import { Shell } from "./Shell";

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
          { path: "workflows", element: <Workflows /> },
          { path: "workflows/:id", element: <WorkflowPage /> },
          { path: "agents", element: <Agents /> },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
