/** The styles as pictures: one is chosen, or none where the words are the maker's own. */
import { STYLES } from "@/shared/styles";
import css from "./StylePicker.module.css";

interface Props {
  /** The words of the style. */
  value: string;
  onChange: (style: string) => void;
}

export function StylePicker({ value, onChange }: Props) {
  const chosen = value.trim().toLowerCase();
  return (
    <fieldset className={css.styles}>
      <legend className={css.legend}>Choose a style</legend>
      {STYLES.map(({ name, words, picture }) => (
        <label key={name} className={css.style}>
          <input
            type="radio"
            name="style-picture"
            value={words}
            checked={chosen === words.toLowerCase()}
            onChange={() => onChange(words)}
          />
          <img src={picture} alt="" width={120} height={68} loading="lazy" />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
