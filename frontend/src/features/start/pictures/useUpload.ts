import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { ApiError } from "@callboard/client";
import { useServices } from "@/shared/services";

interface Sent {
  id: string;
  file: Blob;
}

interface Upload {
  /** Resolves with the picture's id and what was sent; null when it could not be brought: then there is a problem. */
  upload: (make: () => Promise<Blob>) => Promise<Sent | null>;
  /** How much has been sent, 0-100; null when nothing is. */
  percent: number | null;
  problem: string | undefined;
}

/** Brings a picture to the server. */
export function useUpload(): Upload {
  const { api } = useServices();
  const [percent, setPercent] = useState(0);
  const { mutateAsync, isPending, error } = useMutation<Sent, Error, () => Promise<Blob>>({
    mutationFn: async (make) => {
      setPercent(0);
      const file = await make();
      const { id } = await api.addPicture(file, (fraction) => setPercent(Math.round(fraction * 100)));
      return { id, file };
    },
  });
  return {
    upload: (make) => mutateAsync(make).catch(() => null),
    percent: isPending ? percent : null,
    problem: error ? problemOf(error) : undefined,
  };
}

function problemOf(error: Error): string {
  if (!(error instanceof ApiError)) return "This picture cannot be drawn here. Choose another one.";
  return error.fields["picture"] ?? error.message;
}
