/** Provides the services and the query cache, and clears the cache when another user signs in. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";

import { ApiError } from "@callboard/client";
import { CallboardProvider } from "@callboard/react";
import { ServicesContext, type Services } from "@/shared/services";
import { createServices } from "./createServices";

const RETRIES = 2;

interface ProvidersProps {
  children: ReactNode;
  /** Replacements for tests. */
  services?: Services;
}

export function Providers({ children, services: given }: ProvidersProps) {
  const [services] = useState(() => given ?? createServices());
  const [queryClient] = useState(createQueryClient);
  const { session, connection } = services;

  useEffect(() => connection.start(), [connection]);
  useEffect(() => session.subscribe(() => queryClient.clear()), [session, queryClient]);

  return (
    <ServicesContext value={services}>
      <CallboardProvider client={services}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </CallboardProvider>
    </ServicesContext>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < RETRIES && error instanceof ApiError && error.retryable,
        // Also without a network: the server may run on this machine.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
