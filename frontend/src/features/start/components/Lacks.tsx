import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

import type { Pipeline } from "@/shared/api/types";

/** Why the pipeline cannot be started at the moment; nothing when it can. */
export function Lacks({ pipeline }: { pipeline: Pipeline | undefined }) {
  if (!pipeline?.lacks.length) return null;
  return (
    <Alert
      mb="lg"
      color="orange"
      variant="light"
      icon={<IconPlugConnectedX size={20} aria-hidden />}
      title="It cannot be started at the moment"
    >
      {pipeline.lacks.map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
    </Alert>
  );
}
