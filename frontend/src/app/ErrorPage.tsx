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
        title="This page could not be shown"
        text={`Your videos are still being made; only this page failed. ${detail}`}
      >
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </PageMessage>
    </main>
  );
}
