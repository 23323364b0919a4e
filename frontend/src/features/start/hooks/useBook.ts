import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { ApiError, Book } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface ReadBook {
  /** The one that was read last; undefined before, and when the last file was none. */
  book: Book | undefined;
  read: (file: File) => void;
  isReading: boolean;
  /** What share of the file has been sent, 0–1; 1 while the server reads it. */
  sent: number;
  cancel: () => void;
  /** Why the last file could not be read. */
  problem: string | undefined;
}

/** Has a file read by the server, which knows EPUBs. */
export function useBook(): ReadBook {
  const { api } = useServices();
  const [sent, setSent] = useState(0);
  const sending = useRef<AbortController>(null);
  const { mutate, data, isPending, error, reset } = useMutation<Book, ApiError, File>({
    mutationFn: (file) => {
      sending.current?.abort(); // the one before: two may be dropped one after the other
      sending.current = new AbortController();
      setSent(0);
      return api.readBook(file, sending.current.signal, setSent);
    },
  });
  const cancel = () => {
    reset(); // first: that it was stopped is no problem to tell
    sending.current?.abort();
  };
  return {
    book: data,
    read: mutate,
    isReading: isPending,
    sent,
    cancel,
    problem: error ? problemOf(error) : undefined,
  };
}

const TOO_LARGE = 413;

function problemOf(error: ApiError): string {
  if (error.status === TOO_LARGE)
    return "This file is too large. Books with many pictures are: take the text only, or save it as plain text.";
  return error.fields["book"] ?? error.message;
}
