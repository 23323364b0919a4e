/** The styles that the offline studio draws in, each with a picture. `script/style_pictures.py` draws them. Pure. */
import anime from "./styles/anime.webp";
import comic from "./styles/comic.webp";
import filmNoir from "./styles/film-noir.webp";
import gothic from "./styles/gothic.webp";
import neon from "./styles/neon.webp";
import oilPainting from "./styles/oil-painting.webp";
import pastel from "./styles/pastel.webp";
import pencil from "./styles/pencil.webp";
import plain from "./styles/plain.webp";
import vintage from "./styles/vintage.webp";
import watercolour from "./styles/watercolour.webp";

export interface Style {
  name: string;
  /** What stands in the field; "" for none. */
  words: string;
  picture: string;
}

export const STYLES: Style[] = [
  { name: "Plain", words: "", picture: plain },
  ...Object.entries({
    Watercolour: watercolour,
    "Oil painting": oilPainting,
    Pencil: pencil,
    Comic: comic,
    "Film noir": filmNoir,
    Neon: neon,
    Pastel: pastel,
    Vintage: vintage,
    Gothic: gothic,
    Anime: anime,
  }).map(([name, picture]) => ({ name, words: name, picture })),
];

/** For a field that takes any words. */
export const STYLE_WORDS = STYLES.map(({ words }) => words).filter(Boolean);
