/** The plan of a book's films, as the server asks about it in text, and the text that answers. Pure. */

export interface PlannedEpisode {
  /** By which the plan knows it. */
  number: string;
  title: string;
  summary: string;
}

export interface PlannedCharacter {
  number: string;
  name: string;
  /** "female, child". */
  traits: string;
  description: string;
}

export interface BookPlan {
  /** What is asked. */
  question: string;
  title: string;
  episodes: PlannedEpisode[];
  characters: PlannedCharacter[];
}

export const GENDERS = ["female", "male", "unknown"];
export const AGES = ["child", "young", "adult", "old"];

const HEAD = /^(Title|Episode|Character)(?: (\d{1,3}))?:(.*)$/i;
const TRAITS = /^([^()]*)\(([^()]*)\)$/;

/** null: another question. */
export function readPlan(question: string): BookPlan | null {
  const plan: BookPlan = { question: "", title: "", episodes: [], characters: [] };
  const asked: string[] = [];
  let add = (line: string): void => void asked.push(line);
  for (const line of question.split("\n")) {
    const [, kind = "", number = "", rest = ""] = HEAD.exec(line.trim()) ?? [];
    if (kind) add = begin(plan, kind.toLowerCase(), number, rest.trim());
    else if (line.trim()) add(line.trim());
  }
  return plan.title && plan.episodes.length ? { ...plan, question: asked.join(" ") } : null;
}

/** Begins an entry. What is given is called with the lines below it. */
function begin(plan: BookPlan, kind: string, number: string, rest: string): (line: string) => void {
  if (kind === "title") {
    plan.title = rest;
    return () => undefined;
  }
  if (kind === "episode") {
    const episode = { number, title: rest, summary: "" };
    plan.episodes.push(episode);
    return (line) => void (episode.summary = `${episode.summary} ${line}`.trim());
  }
  const [, name = rest, traits = ""] = TRAITS.exec(rest) ?? [];
  const character = { number, name: name.trim(), traits: traits.trim(), description: "" };
  plan.characters.push(character);
  return (line) => void (character.description = `${character.description} ${line}`.trim());
}

/** The plan as an answer. */
export function writePlan({ title, episodes, characters }: Omit<BookPlan, "question">): string {
  return [
    `Title: ${oneLine(title)}`,
    ...episodes.map((each) => `Episode ${each.number}: ${oneLine(each.title)}\n${oneLine(each.summary)}`),
    ...characters.map(
      ({ number, name, traits, description }) =>
        `Character ${number}: ${oneLine(name)}${traits && ` (${traits})`}\n${oneLine(description)}`,
    ),
  ].join("\n\n");
}

/** What a person has typed, so that none of it begins an entry. */
function oneLine(text: string): string {
  return text.split(/\s+/).join(" ").trim();
}

/** The traits with another gender or age. */
export function withTrait(traits: string, kind: readonly string[], chosen: string): string {
  const others = traits
    .split(",")
    .map((trait) => trait.trim())
    .filter((trait) => trait && !kind.includes(trait));
  return [...others, chosen].join(", ");
}

export function traitOf(traits: string, kind: readonly string[]): string {
  return (
    traits
      .split(",")
      .map((trait) => trait.trim())
      .find((trait) => kind.includes(trait)) ?? ""
  );
}
