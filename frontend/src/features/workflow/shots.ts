/** Sorts a workflow's tasks and artifacts by scene, shot and character. Pure. */
import {
  type ArtifactBody as Artifact,
  capitalize,
  characterName,
  humanize,
  type TaskBody as Task,
  tasksOf,
  type WorkflowSnapshot as Workflow,
} from "@callboard/client";

/** One shot in a storyboard artifact: the fields that the pages show. */
export interface StoryboardShot {
  id: string;
  size: string;
  angle: string;
  move: string;
  seconds: number;
  description: string;
  first_frame: string;
  last_frame: string;
  caption: string;
  dialogue: { character: string; text: string; parenthetical?: string }[];
}
export interface Storyboard {
  scene: number;
  heading: string;
  shots: StoryboardShot[];
}

export interface ShotView {
  id: string;
  board: StoryboardShot | undefined;
  frame: Artifact | undefined;
  last: Artifact | undefined;
  clip: Artifact | undefined;
  /** What is said in it. */
  speech: Artifact | undefined;
  /** The tries at its frames: artifacts named "take-2-first.png". */
  takes: Artifact[];
  /** Which take was kept, and how good each is: a JSON file. */
  choice: Artifact | undefined;
  tasks: Task[];
}
/** One try at the frames of a shot. */
export interface Take {
  number: number;
  first: Artifact;
  last: Artifact | undefined;
}
export interface SceneView {
  number: number;
  heading: string;
  shots: ShotView[];
}
export interface CharacterView {
  key: string;
  name: string;
  isBeingDrawn: boolean;
  portraits: Artifact[];
}

const SHOT_KEY = /\/(\d+)\.(\d+)$/;
const PORTRAITS = "draw_portraits";
const SIDES = ["front", "side", "back"];
const TAKE_NAME = /^take-(\d+)-(first|last)\./;
const PORTRAIT_NAME = /^(?:.+, )?(front|side|back)\.\w+$/;

/** Every scene with its planned shots, in the order of the film. */
export function scenesOf(workflow: Workflow, boards: Storyboard[]): SceneView[] {
  const tasks = groupBy(tasksOf(workflow), (task) => shotId(task.key));
  const artifacts = groupBy(workflow.artifacts, (artifact) => shotId(artifact.task));
  const headings = new Map(boards.map((board) => [board.scene, board.heading]));
  const planned = new Map(boards.flatMap((board) => board.shots).map((shot) => [shot.id, shot]));
  const ids = [...new Set([...tasks.keys(), ...planned.keys()])]
    .filter((id) => id !== "")
    .toSorted(inFilmOrder);
  const shots = ids.map((id) => shotView(id, planned.get(id), tasks.get(id) ?? [], artifacts.get(id) ?? []));
  return [...groupBy(shots, (shot) => sceneNumber(shot.id))].map(([number, scene]) => ({
    number,
    heading: headings.get(number) ?? "",
    shots: scene,
  }));
}

function shotView(id: string, board: StoryboardShot | undefined, tasks: Task[], made: Artifact[]): ShotView {
  const images = made.filter((artifact) => artifact.kind === "frame");
  const chosen = images.find((image) => image.name.startsWith("frame."));
  return {
    id,
    board,
    frame: chosen ?? images.at(-1),
    last: images.find((image) => image.name.startsWith("last.")),
    clip: made.findLast((artifact) => artifact.kind === "clip"),
    speech: made.findLast((artifact) => artifact.kind === "speech"),
    takes: images.filter((image) => TAKE_NAME.test(image.name)),
    choice: made.findLast((artifact) => artifact.kind === "choice"),
    tasks,
  };
}

/** The tries that have a first frame, by number. */
export function takesOf(shot: Pick<ShotView, "takes">): Take[] {
  const tries = groupBy(shot.takes, ({ name }) => Number(TAKE_NAME.exec(name)?.[1]));
  return [...tries]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([number, frames]) => {
      const first = frames.find(({ name }) => name.includes("-first."));
      return first ? [{ number, first, last: frames.find(({ name }) => name.includes("-last.")) }] : [];
    });
}

/** Every character with a portrait or a task that draws one, with the portraits drawn so far: front, side, back. */
export function charactersOf(workflow: Workflow): CharacterView[] {
  const tasks = tasksOf(workflow).filter((task) => task.skill === PORTRAITS);
  const drawn = groupBy(
    workflow.artifacts.filter(({ kind }) => kind === "character"),
    ({ task }) => task,
  );
  const keys = [...new Set([...tasks.map(({ key }) => key), ...drawn.keys()])]; // a large workflow leaves tasks out
  return keys.toSorted(byNumber).map((key, index) => {
    const portraits = drawn.get(key) ?? [];
    return {
      key,
      name:
        (portraits[0] && characterName(portraits[0])) ||
        tasks.find((task) => task.key === key)?.title ||
        `Character ${index + 1}`,
      isBeingDrawn: tasks.some((task) => task.key === key && task.state === "running"),
      portraits: portraits.toSorted((a, b) => SIDES.indexOf(sideOf(a)) - SIDES.indexOf(sideOf(b))),
    };
  });
}

/** By the number in the key, "portraits/2": the order of the cast. */
function byNumber(a: string, b: string): number {
  return Number(a.split("/")[1] ?? 0) - Number(b.split("/")[1] ?? 0);
}

/** "front" for "MARA, front.png". */
export function sideOf(portrait: Artifact): string {
  return PORTRAIT_NAME.exec(portrait.name)?.[1] ?? portrait.name;
}

export function newestFrame(workflow: Workflow): Artifact | undefined {
  return workflow.artifacts.findLast((artifact) => artifact.kind === "frame");
}

export function firstOfKind(workflow: Workflow, kind: string): Artifact | undefined {
  return workflow.artifacts.findLast((artifact) => artifact.kind === kind);
}

/** "2.3" for "frames/2.3"; "" for a key without a shot. */
export function shotId(key: string): string {
  const match = SHOT_KEY.exec(key);
  return match ? `${match[1]}.${match[2]}` : "";
}

/** "Close up · push in · 4 s". */
export function shotNotes(board: StoryboardShot): string {
  const move = board.move === "hold" ? [] : [humanize(board.move)];
  const angle = board.angle === "eye_level" ? [] : [humanize(board.angle)];
  return [capitalize(humanize(board.size)), ...angle, ...move, `${Math.round(board.seconds)} s`].join(" · ");
}

function groupBy<Key, Item>(items: Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function sceneNumber(id: string): number {
  return Number(id.split(".")[0]);
}

function inFilmOrder(a: string, b: string): number {
  const [sceneA = 0, shotA = 0] = a.split(".").map(Number);
  const [sceneB = 0, shotB = 0] = b.split(".").map(Number);
  return sceneA - sceneB || shotA - shotB;
}
