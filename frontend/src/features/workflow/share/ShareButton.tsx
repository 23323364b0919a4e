/** Opens the dialog with links and tokens for others; it is loaded when it is first opened. */
import { Button } from "@mantine/core";
import { IconShare2 } from "@tabler/icons-react";
import { Suspense, lazy, useState } from "react";

const ShareDialog = lazy(() => import("./ShareDialog"));

export function ShareButton({ workflowId }: { workflowId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconShare2 size={15} stroke={1.8} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Share
      </Button>
      <Suspense>{isOpen && <ShareDialog workflowId={workflowId} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
