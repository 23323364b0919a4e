/** What an agent does now, with the newest picture of each workflow, and what it has failed at lately. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { type AgentWorkItem, formatTimeAgo } from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { useServices } from "@/shared/services";
import css from "./AgentWork.module.css";

const ASK_MS = 5_000;

export function useAgentWork(name: string) {
  const { api } = useServices();
  return useQuery({
    queryKey: ["agent work", name],
    queryFn: ({ signal }) => api.agentWork(name, signal),
    refetchInterval: ASK_MS,
  });
}

interface Props {
  items: readonly AgentWorkItem[];
  now: number;
}

export function WorkList({ items, now }: Props) {
  return (
    <ul className={css.list}>
      {items.map((item) => (
        <li key={`${item.workflow_id} ${item.task} ${item.at}`}>
          <div className={css.picture}>
            <Picture
              image={item.picture ? { id: item.picture.split("?")[0] ?? "", url: item.picture } : undefined}
              alt=""
              fit="contain"
              width={320}
              isLazy
            />
          </div>
          <div className={css.what}>
            <Link to={`/workflows/${item.workflow_id}`}>{item.title}</Link>
            <span>
              {item.task} · <time dateTime={item.at}>{formatTimeAgo(item.at, now)}</time>
            </span>
            {item.problem && <span className={css.problem}>{item.problem}</span>}
          </div>
        </li>
      ))}
    </ul>
  );
}
