/** The scenes and speaking characters found in a screenplay. */
import { readScreenplay } from "../readScreenplay";
import css from "./StartForm.module.css";

const SHOWN = 12;

export function ScreenplayPreview({ script }: { script: string }) {
  const { title, scenes, characters } = readScreenplay(script);
  if (!script.trim()) return null;
  return (
    <section aria-label="Found in the screenplay">
      {title && <p style={{ marginTop: 0, fontWeight: 620 }}>{title}</p>}
      <h2>{plural(scenes.length, "scene")}</h2>
      {scenes.length === 0 && <p className={css.count}>No headings yet: the crew takes it as one scene.</p>}
      <ol className={css.found}>
        {scenes.slice(0, SHOWN).map(({ number, heading }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- two scenes may have the same heading
          <li key={index}>
            <span>{number}</span>
            <span className={css.heading}>{heading}</span>
          </li>
        ))}
        {scenes.length > SHOWN && <li>and {scenes.length - SHOWN} more</li>}
      </ol>
      <h2>{plural(characters.length, "speaking character")}</h2>
      <ul className={css.found}>
        {characters.slice(0, SHOWN).map((character) => (
          <li key={character.name}>
            {character.name}
            <span>{plural(character.lines, "speech", "speeches")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
