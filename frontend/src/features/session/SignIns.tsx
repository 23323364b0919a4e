/** Where one is signed in; each can be ended, and all at once. */
import { Badge, Button, Modal, Skeleton } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import { type ApiError, formatTimeAgo, type SessionBody } from "@callboard/client";
import { useFocusBack } from "@/shared/hooks/useFocusBack";
import { useNow } from "@/shared/hooks/useNow";
import { useSession } from "@/shared/hooks/useSession";
import { useServices } from "@/shared/services";
import css from "./AccountPage.module.css";

const QUERY = ["sessions"];

export function SignIns() {
  const { api } = useServices();
  const heading = useId();
  const { data, error } = useQuery<SessionBody[], ApiError>({
    queryKey: QUERY,
    queryFn: ({ signal }) => api.sessions(signal),
    staleTime: 0,
  });
  const [isAsking, setAsking] = useState(false);
  return (
    <section className={css.panel} aria-labelledby={heading}>
      <h2 id={heading}>Where you are signed in</h2>
      <p className={css.hint}>
        Something you do not know? End it, and change your password: that ends all others, too.
      </p>
      {error && (
        <p role="alert" className={css.error}>
          {error.message}
        </p>
      )}
      {data ? (
        <List sessions={data} />
      ) : (
        !error && <Skeleton height={160} aria-label="Loading your sign-ins" />
      )}
      <Button variant="default" onClick={() => setAsking(true)}>
        Sign out everywhere…
      </Button>
      {isAsking && <Question onClose={() => setAsking(false)} />}
    </section>
  );
}

function List({ sessions }: { sessions: SessionBody[] }) {
  const now = useNow(30_000, true);
  const { api } = useServices();
  const client = useQueryClient();
  const { mutate, isPending, variables, error } = useMutation<void, ApiError, SessionBody>({
    mutationFn: async ({ id }) => api.endSession(id),
    onSettled: async () => client.invalidateQueries({ queryKey: QUERY }),
  });
  return (
    <>
      <ul className={css.list} aria-label="Sign-ins">
        {sessions.map((session) => (
          <SignIn
            key={session.id}
            session={session}
            now={now}
            isEnding={isPending && variables.id === session.id}
            onEnd={() => mutate(session)}
          />
        ))}
      </ul>
      {error && (
        <p role="alert" className={css.error}>
          {error.message}
        </p>
      )}
    </>
  );
}

interface Props {
  session: SessionBody;
  now: number;
  isEnding: boolean;
  onEnd: () => void;
}

function SignIn({ session, now, isEnding, onEnd }: Props) {
  const device = session.device || "Unknown device";
  const Icon = /iPhone|iPad|Android/.test(device) ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li>
      <Icon size={22} stroke={1.6} aria-hidden />
      <div className={css.where}>
        <strong>{device}</strong>
        <small>
          {session.address && <>{session.address} · </>}
          used <time dateTime={session.last_used_at}>{formatTimeAgo(session.last_used_at, now)}</time> ·
          signed in <time dateTime={session.created_at}>{formatTimeAgo(session.created_at, now)}</time>
        </small>
      </div>
      {session.is_current ? (
        <Badge variant="light" className={css.current ?? ""}>
          This one
        </Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          loading={isEnding}
          aria-label={`End the sign-in on ${device}${session.address && `, ${session.address}`}`}
          onClick={onEnd}
        >
          End
        </Button>
      )}
    </li>
  );
}

function Question({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const { api } = useServices();
  const { signOut } = useSession();
  const { mutate, isPending, error } = useMutation<void, ApiError>({
    mutationFn: async () => api.endSession("all"),
    onSuccess: async () => signOut(),
  });
  return (
    <Modal opened onClose={onClose} title="Sign out everywhere?">
      <p className={css.text}>
        All your sign-ins end at once, this one too, with the tokens and links that they gave away. Films that
        are being made go on.
      </p>
      {error && (
        <p role="alert" className={css.error}>
          {error.message}
        </p>
      )}
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Stay signed in
        </Button>
        <Button color="red" loading={isPending} onClick={() => mutate()}>
          Sign out everywhere
        </Button>
      </div>
    </Modal>
  );
}
