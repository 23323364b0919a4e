import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { ApiError } from "@/shared/api/ApiError";

const SHOWN_AT_THE_FIELD = new Set(["idea", "script", "scenes", "style", "requirement"]);

/** The server's error, unless a field of the form shows it. */
export function StartError({ error }: { error: ApiError | null }) {
  if (!error || Object.keys(error.fields).some((field) => SHOWN_AT_THE_FIELD.has(field))) return null;
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
