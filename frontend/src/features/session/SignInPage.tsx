import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";

import { ApiError } from "@callboard/client";
import { ColorSchemeSwitch } from "@/shared/components/ColorSchemeSwitch";
import { Logo } from "@/shared/components/Logo";
import { useAdminUser } from "./useAdminUser";
import { useSession } from "@/shared/hooks/useSession";
import css from "./SignInPage.module.css";

/** Shown in place of every page while nobody is signed in; after the sign-in the page at the same address appears. */
export function SignInPage() {
  const { signIn, signInAsAdminUser } = useSession();
  const adminUser = useAdminUser();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState("");

  const submit = async (enter: () => Promise<void>) => {
    setSending(true);
    setError("");
    try {
      await enter();
    } catch (reason) {
      setError(messageOf(reason));
      setSending(false);
    }
  };
  return (
    <main className={css.page}>
      <title>Sign in – Callboard</title>
      <div className={css.poster}>
        <div className={css.beam} aria-hidden />
        <h1>Watch your film being made.</h1>
        <p>Give Callboard an idea or a screenplay, and follow every frame of it, live, from anywhere.</p>
      </div>
      <div className={css.side}>
        <div className={css.scheme}>
          <ColorSchemeSwitch />
        </div>
        <form
          className={css.form}
          aria-label="Sign in"
          onSubmit={(event) => {
            event.preventDefault();
            void submit(() => signIn(username.trim(), password));
          }}
        >
          <div className={css.brand}>
            <Logo size={34} /> Callboard
          </div>
          <TextInput
            label="Username"
            autoComplete="username"
            autoCapitalize="none"
            required
            withAsterisk={false}
            size="md"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {error && (
            <p className={css.error} role="alert">
              {error}
            </p>
          )}
          <Button type="submit" size="md" loading={isSending}>
            Sign in
          </Button>
          {adminUser && (
            <Button
              variant="default"
              size="md"
              loading={isSending}
              onClick={() => void submit(signInAsAdminUser)}
            >
              Continue as {adminUser}
            </Button>
          )}
        </form>
      </div>
    </main>
  );
}

function messageOf(reason: unknown): string {
  if (!(reason instanceof ApiError)) return "Sign-in failed. Try again.";
  if (reason.status === 401) return "Wrong username or password.";
  return reason.message;
}
