/** The people of the film, each with the portrait from the front; it opens all sides. */
import { Picture } from "@/shared/components/Picture";
import type { CharacterView } from "../shots";
import css from "./CastStrip.module.css";

interface Props {
  characters: CharacterView[];
  onOpen: (portrait: string) => void;
}

export function CastStrip({ characters, onOpen }: Props) {
  return (
    <section aria-label="Cast" className={css.cast}>
      <ul className={css.people}>
        {characters.map((character) => (
          <Person key={character.key} character={character} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}

function Person({ character, onOpen }: { character: CharacterView; onOpen: (portrait: string) => void }) {
  const [portrait] = character.portraits;
  return (
    <li className={css.person}>
      <button
        type="button"
        className={css.portrait}
        disabled={!portrait}
        aria-label={portrait ? `Enlarge the portraits of ${character.name}` : `${character.name}, to come`}
        onClick={() => portrait && onOpen(portrait.id)}
      >
        <Picture image={portrait} alt="" ratio="3 / 4" width={320} isLazy />
      </button>
      <span className={css.name}>
        {character.name}
        {character.isBeingDrawn && <small> being drawn</small>}
      </span>
    </li>
  );
}
