/** Shown in place of a page that threw while rendering. */
import { Button } from "@mantine/core";
import { IconMoodSad } from "@tabler/icons-react";
import { useRouteError } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";

export function ErrorPage() {
  const error = useRouteError();
  const detail = error instanceof Error ? error.message : "";
  return (
    <main>
      <PageMessage
        Icon={IconMoodSad}
        title="This page broke"
        text={`Your videos go on being made; only what you see here failed. ${detail}`}
      >
        <Button onClick={() => window.location.reload()}>Load it again</Button>
      </PageMessage>
    </main>
  );
}
