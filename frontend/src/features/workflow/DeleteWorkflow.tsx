/** Deletes the workflow of a page that has ended, after a question that says what goes. */
import { Button, Modal } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { ACTIVE_STATES, type ApiError, type WorkflowSnapshot } from "@callboard/client";
import { useFocusBack } from "@/shared/hooks/useFocusBack";
import { useServices } from "@/shared/services";
import css from "./WorkflowFooter.module.css";

export function DeleteWorkflow({ workflow }: { workflow: WorkflowSnapshot }) {
  const [isOpen, setOpen] = useState(false);
  const isActive = ACTIVE_STATES.includes(workflow.state);
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="sm"
        disabled={isActive}
        title={isActive ? "Only what has ended can be deleted. Cancel it first." : undefined}
        leftSection={<IconTrash size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Delete…
      </Button>
      {isOpen && <Question workflow={workflow} onClose={() => setOpen(false)} />}
    </>
  );
}

function Question({ workflow, onClose }: { workflow: WorkflowSnapshot; onClose: () => void }) {
  useFocusBack();
  const { api } = useServices();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation<void, ApiError>({
    mutationFn: async () => api.deleteWorkflow(workflow.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["workflows"] });
      await navigate("/workflows");
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Delete “${workflow.title}”?`}>
      <p className={css.text}>
        The film, pictures, scripts and the whole history go. This cannot be undone. What another workflow
        reuses stays there.
      </p>
      {error && (
        <p role="alert" className={css.error}>
          {error.message}
        </p>
      )}
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red" loading={isPending} onClick={() => mutate()}>
          Delete
        </Button>
      </div>
    </Modal>
  );
}
