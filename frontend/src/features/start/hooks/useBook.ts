import { useMutation } from "@tanstack/react-query";

import type { ApiError, Book } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface ReadBook {
  /** The one that was read last; undefined before, and when the last file was none. */
  book: Book | undefined;
  read: (file: File) => void;
  isReading: boolean;
  /** Why the last file could not be read. */
  problem: string | undefined;
}

/** Has a file read by the server, which knows EPUBs. */
export function useBook(): ReadBook {
  const { api } = useServices();
  const { mutate, data, isPending, error } = useMutation<Book, ApiError, File>({
    mutationFn: (file) => api.readBook(file),
  });
  return { book: data, read: mutate, isReading: isPending, problem: error ? problemOf(error) : undefined };
}

const TOO_LARGE = 413;

function problemOf(error: ApiError): string {
  if (error.status === TOO_LARGE)
    return "This file is too large. Books with many pictures are: take the text only, or save it as plain text.";
  return error.fields["book"] ?? error.message;
}
