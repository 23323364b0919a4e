/** The one sentence that says where a workflow stands: in its panel, the title of its tab, and lists. Pure. */
import { taskCount } from "../applyMessage";
import type { TaskBody, WorkflowRow, WorkflowSnapshot } from "../messages.gen";
import { capitalize, humanize } from "./formatText";
import { itemNames, namesOf, runningTasks, tasksOf } from "./names";
import { stateLabel } from "./states";

type Facts = Pick<WorkflowSnapshot, "state" | "stages" | "waiting_for" | "error" | "artifacts">;

/** What is being done while tasks need a skill. `#` stands for "4 of 39"; without it, there is one such task. */
const DOING = new Map([
  ["plan_idea", "Planning the film"],
  ["plan_script", "Planning the film"],
  ["compress_novel", "Reading the book"],
  ["extract_events", "Finding out what happens in the book"],
  ["draft_global_information", "Planning the episodes"],
  ["plan_global_information", "Planning the episodes"],
  ["plan_novel", "Planning the films"],
  ["extract_scenes", "Writing # episodes"],
  ["join_episodes", "Putting the screenplay together"],
  ["gather_episode", "Gathering # episodes"],
  ["write_story", "Writing the story"],
  ["write_scene", "Writing # scenes"],
  ["enhance_script", "Putting the screenplay together"],
  ["extract_characters", "Casting the film"],
  ["draw_portraits", "Drawing # characters"],
  ["draw_storyboard", "Drawing # storyboards"],
  ["compose_score", "Composing the music"],
  ["design_sound", "Making the sound of # scenes"],
  ["speak", "Speaking # shots"],
  ["select_references", "Choosing portraits for # shots"],
  ["shoot_frames", "Drawing # shots"],
  ["select_frames", "Choosing takes for # shots"],
  ["make_clip", "Filming # shots"],
  ["edit_video", "Cutting the film"],
  ["print_storyboard", "Printing the storyboard"],
]);
/** The skill that says how many shots there are in the end. */
const STORYBOARD = "draw_storyboard";
const OF_SHOTS = new Set(["speak", "select_references", "shoot_frames", "select_frames", "make_clip"]);

/** `now`: ms since 1970, for what counts down. */
export function sentenceOf(workflow: Facts, now: number): string {
  switch (workflow.state) {
    case "pending":
    case "running":
      return underWay(workflow, now);
    case "pausing":
      return `Pausing: waiting for ${runningNames(workflow)}`;
    case "paused":
      return "Paused: nothing runs";
    case "cancelling":
      return `Cancelling: stopping ${runningNames(workflow)}`;
    case "failed":
      return `Failed: ${withoutStop(workflow.error?.message ?? "something went wrong")}`;
    case "completed":
      return "Everything is ready";
    default:
      return stateLabel(workflow.state);
  }
}

/** What of a workflow does not move, while something of it does: beside `sentenceOf`; null: nothing. */
export function besides(workflow: Facts, now: number): string | null {
  const { waiting_for: reason, state } = workflow;
  if (!reason || state !== "running" || !isMoving(workflow)) return null;
  return withCountdown(reason.text, reason.until ?? null, now);
}

/** Whether something runs: only then is there a time left to tell. */
export function isMoving(workflow: Pick<Facts, "state" | "stages" | "waiting_for">): boolean {
  const isWorking = ["running", "pausing", "cancelling"].includes(workflow.state);
  return isWorking && workflow.waiting_for?.kind !== "runner" && runningTasks(workflow).length > 0;
}

function underWay(workflow: Facts, now: number): string {
  if (isMoving(workflow)) return doing(workflow);
  const { waiting_for: reason } = workflow;
  if (reason) return withCountdown(reason.text, reason.until ?? null, now);
  return workflow.state === "pending" ? "About to start" : "Getting the next step ready";
}

/** "…, third try in 12 s" for "…, third try follows". */
function withCountdown(text: string, until: string | null, now: number): string {
  if (!until || !text.endsWith("follows")) return text;
  const seconds = Math.ceil((Date.parse(until) - now) / 1000);
  const when = seconds <= 0 ? "now" : seconds < 100 ? `in ${seconds} s` : `in ${Math.ceil(seconds / 60)} min`;
  return text.replace(/follows$/, when);
}

function doing(workflow: Facts): string {
  const stage = workflow.stages.find(({ tasks }) => tasks.some(({ state }) => state === "running"));
  if (!stage) return "Under way";
  const skill = mostOf(stage.tasks.filter(({ state }) => state === "running"));
  const words = DOING.get(skill) ?? `${capitalize(humanize(skill))}: #`;
  if (stage.folded) {
    const [done, total] = [taskCount(stage, "completed"), taskCount(stage)].map((count) =>
      count.toLocaleString("en"),
    );
    return `${words.replace(/:? #( |$)/, " ").trimEnd()}: ${done} of ${total} tasks done`;
  }
  const all = stage.tasks.filter((task) => task.skill === skill);
  if (all.length === 1 && !OF_SHOTS.has(skill)) return alone(words);
  const begun = all.filter(({ state }) => state === "completed" || state === "running").length;
  return words.replace("#", `${begun} of ${all.length}`) + (mayGrow(workflow, skill) ? " so far" : "");
}

/** "Writing the scene" for "Writing # scenes"; "Spell" for "Spell: #". */
function alone(words: string): string {
  return words.replace(/ # (\w+?)s$/, " the $1").replace(/: #$/, "");
}

function mayGrow(workflow: Facts, skill: string): boolean {
  if (!OF_SHOTS.has(skill)) return false;
  const boards = tasksOf(workflow).filter((task) => task.skill === STORYBOARD);
  return boards.some(({ state }) => state !== "completed");
}

/** The skill that most of the tasks need; of equals the first. */
function mostOf(tasks: readonly TaskBody[]): string {
  const counts = new Map<string, number>();
  for (const { skill } of tasks) counts.set(skill, (counts.get(skill) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ["", 0])[0];
}

function runningNames(workflow: Facts): string {
  return namesOf(runningTasks(workflow), itemNames(workflow)) || "what still runs";
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

// --- rows of lists ---------------------------------------------------------------------------------

/** As far as a row of a list tells. `percent`: whole per cent. */
export function rowSentence(row: WorkflowRow, percent: number): string {
  switch (row.state) {
    case "pending":
      return row.queue ? queued(row.queue) : row.message || "About to start";
    case "running":
      return `${percent} % · ${row.eta ? row.stage || "Getting ready" : row.message || row.stage}`;
    case "failed":
      return `Failed: ${withoutStop(row.message)}`;
    case "pausing":
    case "paused":
    case "cancelling":
      return `${stateLabel(row.state)} at ${percent} %`;
    default:
      return stateLabel(row.state);
  }
}

const ORDINALS = ["Next", "Second", "Third"];

function queued({ position, starts_in: starts }: NonNullable<WorkflowRow["queue"]>): string {
  const where = `${ORDINALS[position - 1] ?? `Number ${position}`} in the queue`;
  if (!starts) return where;
  const seconds = starts.p50;
  const when = seconds <= 5 ? "a few seconds" : seconds <= 60 ? `about ${Math.ceil(seconds / 5) * 5} s` : "";
  return `${where}, starts in ${when || `about ${Math.max(1, Math.round(seconds / 60))} min`}`;
}
