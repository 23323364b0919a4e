import { useQuery } from "@tanstack/react-query";

import { useServices } from "@/shared/services";

/** Who is signed in to the admin in this browser, and need not type the password here; null for nobody, or not known yet. */
export function useAdminUser(): string | null {
  const { session } = useServices();
  const { data } = useQuery({ queryKey: ["admin user"], queryFn: () => session.adminUser(), staleTime: 0 });
  return data ?? null;
}
