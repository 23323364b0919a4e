import { useMutation } from "@tanstack/react-query";

import type { ApiError, Archive } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface TakeAlong {
  /** Downloads all files of the workflow as one ZIP file. */
  download: () => void;
  isPending: boolean;
  error: string | null;
}

/** The link is asked for when it is wanted: a page may be open for longer than one lasts. */
export function useArchive(id: string): TakeAlong {
  const { api } = useServices();
  const { mutate, isPending, error } = useMutation<Archive, ApiError>({
    mutationFn: async () => api.archive(id),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return { download: () => mutate(), isPending, error: error?.message ?? null };
}
