import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { Picture } from "./Picture";

const shown = (signature: string, width?: 320) => (
  <Picture
    image={{ id: "a1", url: `/picture?signature=${signature}` }}
    alt="Shot 1.1"
    {...(width && { width })}
  />
);
const source = () => screen.getByRole("img", { name: "Shot 1.1" }).getAttribute("src");
const fail = () => fireEvent.error(screen.getByRole("img", { name: "Shot 1.1" }));

it("keeps its first link until that fails, and then takes the newest", () => {
  const { rerender } = render(shown("first", 320));
  rerender(shown("second", 320));
  expect(source()).toBe("/picture?signature=first&width=320");
  fail();
  expect(source()).toBe("/picture?signature=second&width=320");
});

it("shows the whole picture where there is no thumbnail of it, and asks for no more when that fails", () => {
  render(shown("only", 320));
  fail();
  expect(source()).toBe("/picture?signature=only");
  fail();
  expect(source()).toBe("/picture?signature=only");
});
