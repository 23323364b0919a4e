import { percent, useWorkflows } from "@callboard/react";

interface Props {
  chosen: string | null;
  onChoose: (id: string) => void;
}

export function Films({ chosen, onChoose }: Props) {
  const { rows, isLoading, error } = useWorkflows();
  if (error && !rows.length) return <p role="alert">{error.message}</p>;
  if (isLoading) return <p>Loading …</p>;
  if (!rows.length) return <p>There are no films yet.</p>;
  return (
    <ul className="films" aria-label="Films">
      {rows.map(({ id, title, state, progress }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={id === chosen}
            onClick={() => onChoose(id)}
          >
            <strong>{title}</strong>
            <span>
              {state} · {percent(progress)} %
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
