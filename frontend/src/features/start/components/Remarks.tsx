/** What of a screenplay could not be read as it seems to be meant, line by line. */
import css from "./StartForm.module.css";

const SHOWN = 8;

export function Remarks({ remarks }: { remarks: readonly string[] }) {
  if (!remarks.length) return null;
  return (
    <section className={css.remarks} aria-label="Worth a look">
      <h2>Worth a look</h2>
      <ul>
        {remarks.slice(0, SHOWN).map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
        {remarks.length > SHOWN && <li>and {remarks.length - SHOWN} more</li>}
      </ul>
    </section>
  );
}
