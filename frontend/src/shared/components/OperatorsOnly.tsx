import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "react-router";

import { PageMessage } from "./PageMessage";

/** A page without the permission that it needs. `what`: what the account may not do, "watch the agents". */
export function OperatorsOnly({ what }: { what: string }) {
  return (
    <PageMessage
      Icon={IconLock}
      title="This page is for operators"
      text={`Your account may not ${what}. Ask an administrator for the permission “Can view agent”.`}
    >
      <Button component={Link} to="/workflows">
        To your workflows
      </Button>
    </PageMessage>
  );
}
