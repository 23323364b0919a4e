import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiError } from "@callboard/client";

const OF_A_FILM = ["idea", "script", "novel", "episodes", "scenes", "style", "requirement"];

interface Props {
  error: ApiError | null;
  /** The fields of the form. */
  fields?: readonly string[];
}

/** The server's error, unless a field of the form shows it. */
export function StartError({ error, fields = OF_A_FILM }: Props) {
  if (!error || Object.keys(error.fields).some((field) => fields.includes(field))) return null;
  return (
    <Alert
      mb="lg"
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title="The workflow could not be started"
    >
      {error.message}
    </Alert>
  );
}
