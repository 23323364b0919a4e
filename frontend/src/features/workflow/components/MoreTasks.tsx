/** Says how many tasks of a stage are not shown, and fetches more of them on demand. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { ApiError } from "@/shared/api/ApiError";
import css from "./TaskList.module.css";

interface Props {
  hidden: number;
  onMore: () => Promise<void>;
}

export function MoreTasks({ hidden, onMore }: Props) {
  const [isLoading, setIsLoading] = useState(false);
  const [problem, setProblem] = useState("");
  if (hidden <= 0) return null;
  const load = async () => {
    setIsLoading(true);
    setProblem("");
    await onMore().catch((error: unknown) =>
      setProblem(error instanceof ApiError ? error.message : "They could not be read."),
    );
    setIsLoading(false);
  };
  return (
    <p className={css.more}>
      <Button size="compact-sm" variant="default" loading={isLoading} onClick={() => void load()}>
        Show more
      </Button>
      <span role={problem ? "alert" : undefined}>
        {problem || `${hidden.toLocaleString("en")} more ${hidden === 1 ? "task" : "tasks"}`}
      </span>
    </p>
  );
}
