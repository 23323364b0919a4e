/** The last hour of an agent in twenty bars: calls, and in them errors. The words beside it say the same. */
import { type AgentHistory, formatDuration } from "@callboard/client";
import css from "./Sparkline.module.css";

const BARS = 20;
const HEIGHT = 28;
const STEP = 6;

interface Props {
  history: AgentHistory | undefined;
  /** In ms since 1970: where it ends. */
  now: number;
}

export function Sparkline({ history, now }: Props) {
  return (
    <div className={css.sparkline}>
      <svg viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        <line x1={0} x2={BARS * STEP} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {history && <Bars history={history} now={now} />}
      </svg>
      <p>{history ? inWords(history) : " "}</p>
    </div>
  );
}

function Bars({ history, now }: { history: AgentHistory; now: number }) {
  const most = Math.max(1, ...history.samples.map(({ calls }) => calls));
  return history.samples.map(({ minute, calls, errors }) => {
    const age = Math.floor((now - Date.parse(minute)) / (history.seconds * 1000));
    const x = (BARS - 1 - Math.min(BARS - 1, Math.max(0, age))) * STEP;
    return (
      <g key={minute}>
        <rect className={css.calls} {...bar(x, calls / most)} />
        <rect className={css.errors} {...bar(x, errors / most)} />
      </g>
    );
  });
}

function bar(x: number, share: number) {
  const height = Math.max(share > 0 ? 2 : 0, share * (HEIGHT - 2));
  return { x: x + 0.5, y: HEIGHT - 1 - height, width: STEP - 1.5, height };
}

function inWords({ hours, calls, errors, p95 }: AgentHistory): string {
  const span = hours === 1 ? "the last hour" : `the last ${hours} hours`;
  if (calls === 0) return `No calls in ${span}`;
  const failed = errors > 0 ? `, ${errors.toLocaleString()} failed` : "";
  const time = p95 === null ? "" : `, 95 % within ${formatDuration(p95)}`;
  return `${calls.toLocaleString()} ${calls === 1 ? "call" : "calls"} in ${span}${failed}${time}`;
}
