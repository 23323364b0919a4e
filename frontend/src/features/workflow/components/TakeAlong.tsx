/** The menu of all that can be taken along: of a film, of a series, or of one of its episodes. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload, IconPackageExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { ApiError, Export } from "@callboard/client";
import { formatBytes } from "@/shared/formatBytes";
import { filesOf, wordsOf, type ListExports } from "../takeAlong";
import css from "./TakeAlong.module.css";

interface Props {
  workflowId: string;
  list: ListExports;
  /** Its number and title; null: the whole workflow. */
  episode?: { number: number; title: string } | null;
}

export function TakeAlong({ workflowId, list, episode = null }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Menu
      position="bottom-end"
      width={360}
      shadow="lg"
      middlewares={{ flip: true, shift: true, size: true }} // what has no room is scrolled to
      opened={isOpen}
      onChange={setOpen}
    >
      <Menu.Target>
        {episode ? (
          <ActionIcon
            variant="default"
            size={40}
            aria-label={`Take along episode ${episode.number}: ${episode.title}`}
          >
            <IconDownload size={18} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPackageExport size={17} aria-hidden />}
            rightSection={<IconChevronDown size={15} aria-hidden />}
          >
            Take along
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        {isOpen && <Files workflowId={workflowId} list={list} episode={episode?.number ?? null} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function Files({
  workflowId,
  list,
  episode,
}: Pick<Props, "workflowId" | "list"> & { episode: number | null }) {
  // Asked anew at each opening: a page may be open for longer than a link lasts.
  const { data, error } = useQuery<Export[], ApiError>({
    queryKey: ["exports", workflowId],
    queryFn: list,
    gcTime: 0,
  });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <output>Looking what there is…</output>;
  const files = filesOf(data, episode);
  if (!files.length) return <output>There is nothing yet.</output>;
  return files.map((file) => {
    const { what, opens } = wordsOf(file);
    const size = file.bytes === null ? "" : formatBytes(file.bytes);
    return (
      <Menu.Item
        key={file.format}
        component="a"
        href={file.url}
        download={file.name}
        aria-label={[what, opens, size].filter(Boolean).join(", ")}
        classNames={{ itemLabel: css.file }}
      >
        <strong>{what}</strong>
        <span>{opens}</span>
        <small>{size}</small>
      </Menu.Item>
    );
  });
}
