import { describe, expect, it } from "vitest";

import { readPlan, withTrait, writePlan } from "./bookPlan";

const QUESTION = `Here is the plan of the films. Answer “yes” to draw it, or send it back as you want it.

Title: The Lamp at Skerry

Episode 1: The Storm
A girl keeps the light.

Episode 2: The Teeth
They row out.

Character 1: ANNE (female, child)
A thin girl with red hair.

Character 2: CAPTAIN`;

describe("the plan of a book's films", () => {
  it("is read from the question and written as the answer", () => {
    const plan = readPlan(QUESTION);
    expect(plan?.episodes).toEqual([
      { number: "1", title: "The Storm", summary: "A girl keeps the light." },
      { number: "2", title: "The Teeth", summary: "They row out." },
    ]);
    expect(plan?.characters.map(({ name, traits }) => [name, traits])).toEqual([
      ["ANNE", "female, child"],
      ["CAPTAIN", ""],
    ]);
    expect(plan && readPlan(writePlan(plan))).toEqual({ ...plan, question: "" });
  });

  it("is not seen in another question", () => {
    expect(readPlan("In which key?\n\nTitle: A tune")).toBeNull();
  });

  it("cannot be given another entry by what is typed", () => {
    const plan = readPlan(QUESTION);
    if (!plan) throw new Error("no plan");
    const [first] = plan.episodes;
    if (!first) throw new Error("no episode");
    const answer = writePlan({ ...plan, episodes: [{ ...first, summary: "It rains.\nEpisode 7: No" }] });
    expect(readPlan(answer)?.episodes).toHaveLength(1);
  });

  it("changes one trait and keeps the other", () => {
    expect(withTrait("female, child", ["child", "old"], "old")).toBe("female, old");
  });
});
