/** The address of this page as a QR code, to go on with it on a phone. It holds no token: who opens it signs in there. */
import { Button, CopyButton, Modal } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useFocusBack } from "@/shared/hooks/useFocusBack";
import css from "./WorkflowFooter.module.css";

export function PhoneLink({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="sm"
        leftSection={<IconDeviceMobile size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Continue on the phone
      </Button>
      {isOpen && <Code url={window.location.origin + path} onClose={() => setOpen(false)} />}
    </>
  );
}

function Code({ url, onClose }: { url: string; onClose: () => void }) {
  useFocusBack();
  const { data } = useQuery({
    queryKey: ["QR code", url],
    queryFn: async () => (await import("uqr")).encode(url, { border: 2 }), // only those who ask load it
    staleTime: Infinity,
  });
  return (
    <Modal opened onClose={onClose} title="Continue on the phone">
      <div className={css.code}>
        {data && (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn here
          <svg viewBox={`0 0 ${data.size} ${data.size}`} role="img" aria-label={`QR code of ${url}`}>
            <path d={pathOf(data.data)} />
          </svg>
        )}
      </div>
      <p className={css.text}>
        Point its camera here, and sign in there: the link opens nothing by itself.
        {isLocal(url) &&
          " This address leads to this machine only: open Callboard under one that the phone can reach."}
      </p>
      <div className={css.link}>
        <code>{url}</code>
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </div>
    </Modal>
  );
}

function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
}

function isLocal(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}
