import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";

export function NotFound() {
  return (
    <PageMessage Icon={IconMapOff} title="Page not found" text="There is nothing at this address.">
      <Button component={Link} to="/workflows">
        To your workflows
      </Button>
    </PageMessage>
  );
}
