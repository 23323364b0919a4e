/** A page without content: icon, title, text, and buttons that lead on. */
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import css from "./PageMessage.module.css";

interface Props {
  Icon: Icon;
  title: string;
  text: string;
  /** It stands in a page that has a heading of its own. */
  isPart?: boolean;
  /** Buttons. */
  children?: ReactNode;
}

export function PageMessage({ Icon, title, text, isPart = false, children }: Props) {
  const Heading = isPart ? "h2" : "h1";
  return (
    <section className={css.message}>
      <Icon size={46} stroke={1.3} className={css.icon ?? ""} aria-hidden />
      <Heading>{title}</Heading>
      <p>{text}</p>
      <div className={css.actions}>{children}</div>
    </section>
  );
}
