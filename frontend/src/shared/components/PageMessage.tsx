/** A page without content: icon, title, text, and buttons that lead on. */
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import css from "./PageMessage.module.css";

interface Props {
  Icon: Icon;
  title: string;
  text: string;
  /** Buttons. */
  children?: ReactNode;
}

export function PageMessage({ Icon, title, text, children }: Props) {
  return (
    <section className={css.message}>
      <Icon size={46} stroke={1.3} className={css.icon ?? ""} aria-hidden />
      <h1>{title}</h1>
      <p>{text}</p>
      <div className={css.actions}>{children}</div>
    </section>
  );
}
