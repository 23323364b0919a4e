/** Says what of a large workflow is not shown, and fetches more of it on demand. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { ApiError } from "@callboard/client";
import css from "./ShowMore.module.css";

interface Props {
  /** "12 more tasks". */
  hidden: string;
  onMore: () => Promise<void>;
}

export function ShowMore({ hidden, onMore }: Props) {
  const [isLoading, setIsLoading] = useState(false);
  const [problem, setProblem] = useState("");
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
      <span role={problem ? "alert" : undefined}>{problem || hidden}</span>
    </p>
  );
}
