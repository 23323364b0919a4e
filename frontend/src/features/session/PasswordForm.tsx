/** Changes one's own password. */
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import type { ApiError } from "@callboard/client";
import { useServices } from "@/shared/services";
import css from "./AccountPage.module.css";

const EMPTY = { old: "", new: "" };

export function PasswordForm({ username }: { username: string }) {
  const { api } = useServices();
  const client = useQueryClient();
  const heading = useId();
  const [given, setGiven] = useState(EMPTY);
  const { mutate, isPending, isSuccess, error } = useMutation<void, ApiError>({
    mutationFn: async () => api.changePassword(given),
    onSuccess: async () => {
      setGiven(EMPTY);
      await client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const fields = error?.fields ?? {};
  return (
    <section className={css.panel} aria-labelledby={heading}>
      <h2 id={heading}>Password</h2>
      <p className={css.hint}>A new one ends all other sign-ins at once.</p>
      <form
        className={css.form}
        aria-labelledby={heading}
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        {/* For password managers: whose password it is. */}
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={given.old}
          error={fields["old"]}
          aria-invalid={fields["old"] !== undefined}
          onChange={({ currentTarget }) => setGiven({ ...given, old: currentTarget.value })}
        />
        <PasswordInput
          label="New password"
          description="At least 8 characters; a few words that only you would put together are best."
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={8}
          value={given.new}
          error={fields["new"]}
          aria-invalid={fields["new"] !== undefined}
          onChange={({ currentTarget }) => setGiven({ ...given, new: currentTarget.value })}
        />
        {error && Object.keys(fields).length === 0 && (
          <p role="alert" className={css.error}>
            {error.message}
          </p>
        )}
        <Button type="submit" loading={isPending}>
          Change the password
        </Button>
        <output className={css.done}>
          {isSuccess && "Your password is changed. All other sign-ins have ended."}
        </output>
      </form>
    </section>
  );
}
