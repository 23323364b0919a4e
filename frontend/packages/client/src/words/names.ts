/** What tasks are called, the same in the stages, the activity, the status and the shots. Pure. */
import type { ArtifactBody, TaskBody, WorkflowSnapshot } from "../messages.gen";
import { humanize } from "./formatText";

/** What people call the item of a task, by its key: "MARA" for "portraits/2". */
export type ItemNames = ReadonlyMap<string, string>;

const NO_NAMES: ItemNames = new Map();

/** Of each step: what its task makes, and for what. `#` stands for the item. */
const NAMES = new Map([
  ["plan", "the plan"],
  ["story", "the story"],
  ["scene", "scene #"],
  ["screenplay", "the screenplay"],
  ["characters", "the cast"],
  ["portraits", "portraits of #"],
  ["storyboard", "storyboard of scene #"],
  ["score", "the music"],
  ["ambience", "sound of scene #"],
  ["speech", "speech of shot #"],
  ["references", "portraits for shot #"],
  ["candidates", "takes of shot #"],
  ["frames", "choice of take for shot #"],
  ["clip", "clip of shot #"],
  ["edit", "the film"],
  ["storyboard_print", "the printed storyboard"],
]);
const PORTRAIT_NAME = /^(.+), (?:front|side|back)\.\w+$/;
const UNNAMED = new Map([["portraits", "character "]]);

/** "takes of shot 2.3" for the key "candidates/2.3", "portraits of MARA" where her name is known. */
export function taskName(key: string, names: ItemNames = NO_NAMES): string {
  const [step = "", item = ""] = key.split("/");
  const name = NAMES.get(step);
  if (!name) return [humanize(step), item].filter(Boolean).join(" ");
  return name.replace("#", () => names.get(key) ?? `${UNNAMED.get(step) ?? ""}${item}`);
}

/** Of the steps whose tasks are called otherwise than the step itself. */
const STEP_NAMES = new Map([
  ["characters", "cast"],
  ["score", "music"],
  ["ambience", "sound of scenes"],
  ["references", "portraits for shots"],
  ["candidates", "takes"],
  ["frames", "choice of takes"],
  ["clip", "clips"],
  ["scene", "scenes"],
  ["edit", "film"],
  ["storyboard_print", "printed storyboard"],
]);

/** "takes" for the step "candidates": all its tasks together. */
export function stepName(step: string): string {
  return STEP_NAMES.get(step) ?? humanize(step);
}

/** The names of a workflow's people, as far as they are known: before they are drawn, their tasks have them. */
export function itemNames(workflow: Pick<WorkflowSnapshot, "artifacts" | "stages">): ItemNames {
  const drawn = workflow.artifacts
    .filter(({ kind }) => kind === "character")
    .map((portrait) => [portrait.task, characterName(portrait)] as const);
  const cast = tasksOf(workflow)
    .filter(({ skill }) => skill === "draw_portraits")
    .map(({ key, title }) => [key, title] as const);
  return new Map([...drawn, ...cast].filter(([, name]) => name));
}

/** "takes of shot 1.2, clip of shot 1.1 and 3 more". */
export function namesOf(tasks: readonly Pick<TaskBody, "key">[], names: ItemNames, shown = 2): string {
  const first = tasks.slice(0, shown).map(({ key }) => taskName(key, names));
  const more = tasks.length - first.length;
  return first.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

export function runningTasks(workflow: Pick<WorkflowSnapshot, "stages">): TaskBody[] {
  return tasksOf(workflow).filter((task) => task.state === "running");
}

export function tasksOf(workflow: Pick<WorkflowSnapshot, "stages">): TaskBody[] {
  return workflow.stages.flatMap((stage) => stage.tasks);
}

/** "MARA" for "MARA, front.png"; "" without a name. */
export function characterName(portrait: Pick<ArtifactBody, "name">): string {
  return PORTRAIT_NAME.exec(portrait.name)?.[1] ?? "";
}
