/** The plan of a book's films as a form: episodes and characters can be renamed, described and left out before anything is drawn. */
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import { capitalize, humanize } from "@callboard/client";
import tones from "@/shared/components/tone.module.css";
import {
  AGES,
  type BookPlan,
  GENDERS,
  type PlannedCharacter,
  type PlannedEpisode,
  traitOf,
  withTrait,
  writePlan,
} from "../bookPlan";
import css from "./PlanEditor.module.css";

const TITLE_CHARACTERS = 80;
const NAME_CHARACTERS = 40;
const SUMMARY_CHARACTERS = 400;
const DESCRIPTION_CHARACTERS = 220;

interface Props {
  plan: BookPlan;
  agent: string;
  isPending: boolean;
  onAnswer: (answer: string) => void;
}

type Entry = PlannedEpisode | PlannedCharacter;

export function PlanEditor({ plan, agent, isPending, onAnswer }: Props) {
  const [title, setTitle] = useState(plan.title);
  const episodes = useEntries(plan.episodes);
  const characters = useEntries(plan.characters);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onAnswer(writePlan({ title, episodes: episodes.kept, characters: characters.kept }));
  };
  return (
    <form className={`${css.plan} ${tones.wait}`} aria-label="The plan of the films" onSubmit={send}>
      <p className={css.asks}>
        <strong>{capitalize(humanize(agent))} asks:</strong> is this plan right? Change what you like; nothing
        is drawn before you agree.
      </p>
      {!plan.question.startsWith("Here is") && <p role="alert">{plan.question.split("Here is")[0]}</p>}
      <TextInput
        label="Title of the series"
        maxLength={TITLE_CHARACTERS}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <fieldset className={css.group}>
        <legend>Episodes</legend>
        {episodes.all.map((episode) => (
          <EpisodeFields
            key={episode.number}
            episode={episode}
            entries={episodes}
            isLast={episodes.kept.length === 1}
          />
        ))}
      </fieldset>
      {plan.characters.length > 0 && (
        <fieldset className={css.group}>
          <legend>Characters</legend>
          {characters.all.map((character) => (
            <CharacterFields key={character.number} character={character} entries={characters} />
          ))}
        </fieldset>
      )}
      <Button
        type="submit"
        leftSection={<IconCheck size={17} aria-hidden />}
        loading={isPending}
        disabled={!title.trim()}
      >
        Make the films
      </Button>
    </form>
  );
}

interface Entries<Each extends Entry> {
  all: Each[];
  kept: Each[];
  isKept: (entry: Each) => boolean;
  change: (changed: Each) => void;
  toggle: (entry: Each) => void;
}

function useEntries<Each extends Entry>(planned: Each[]): Entries<Each> {
  const [all, setAll] = useState(planned);
  const [dropped, setDropped] = useState<readonly string[]>([]);
  const isKept = ({ number }: Each) => !dropped.includes(number);
  return {
    all,
    kept: all.filter(isKept),
    isKept,
    change: (changed) => setAll(all.map((each) => (each.number === changed.number ? changed : each))),
    toggle: (entry) =>
      setDropped(
        isKept(entry) ? [...dropped, entry.number] : dropped.filter((number) => number !== entry.number),
      ),
  };
}

interface EpisodeProps {
  episode: PlannedEpisode;
  entries: Entries<PlannedEpisode>;
  /** There would be none left. */
  isLast: boolean;
}

function EpisodeFields({ episode, entries, isLast }: EpisodeProps) {
  const name = `Episode ${episode.number}`;
  if (!entries.isKept(episode))
    return <LeftOut name={`${name}: ${episode.title}`} onBack={() => entries.toggle(episode)} />;
  return (
    <fieldset className={css.entry} aria-label={name}>
      <TextInput
        label={`${name}: title`}
        maxLength={TITLE_CHARACTERS}
        value={episode.title}
        onChange={(event) => entries.change({ ...episode, title: event.currentTarget.value })}
      />
      <Textarea
        label="What happens"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={SUMMARY_CHARACTERS}
        value={episode.summary}
        onChange={(event) => entries.change({ ...episode, summary: event.currentTarget.value })}
      />
      {!isLast && <LeaveOut name={name} onLeaveOut={() => entries.toggle(episode)} />}
    </fieldset>
  );
}

interface CharacterProps {
  character: PlannedCharacter;
  entries: Entries<PlannedCharacter>;
}

function CharacterFields({ character, entries }: CharacterProps) {
  if (!entries.isKept(character))
    return <LeftOut name={character.name} onBack={() => entries.toggle(character)} />;
  const choose = (kind: readonly string[], chosen: string) =>
    entries.change({ ...character, traits: withTrait(character.traits, kind, chosen) });
  return (
    <fieldset className={css.entry} aria-label={character.name}>
      <div className={css.traits}>
        <TextInput
          label="Name"
          maxLength={NAME_CHARACTERS}
          value={character.name}
          onChange={(event) => entries.change({ ...character, name: event.currentTarget.value })}
        />
        <NativeSelect
          label="Gender"
          data={GENDERS}
          value={traitOf(character.traits, GENDERS) || "unknown"}
          onChange={(event) => choose(GENDERS, event.currentTarget.value)}
        />
        <NativeSelect
          label="Age"
          data={AGES}
          value={traitOf(character.traits, AGES) || "adult"}
          onChange={(event) => choose(AGES, event.currentTarget.value)}
        />
      </div>
      <Textarea
        label="Looks"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={DESCRIPTION_CHARACTERS}
        value={character.description}
        onChange={(event) => entries.change({ ...character, description: event.currentTarget.value })}
      />
      <LeaveOut name={character.name} onLeaveOut={() => entries.toggle(character)} />
    </fieldset>
  );
}

function LeaveOut({ name, onLeaveOut }: { name: string; onLeaveOut: () => void }) {
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconTrash size={15} aria-hidden />}
      aria-label={`Leave out ${name}`}
      onClick={onLeaveOut}
    >
      Leave out
    </Button>
  );
}

function LeftOut({ name, onBack }: { name: string; onBack: () => void }) {
  return (
    <p className={css.leftOut}>
      <s>{name}</s>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowBackUp size={15} aria-hidden />}
        aria-label={`Take ${name} back`}
        onClick={onBack}
      >
        Take back
      </Button>
    </p>
  );
}
