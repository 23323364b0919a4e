import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { OwnPicture } from "@callboard/client";
import { startApiServer } from "@/testing/apiServer";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { drawn } from "./drawing";
import { PicturesField } from "./PicturesField";

vi.mock("./drawing"); // jsdom draws nothing

const api = startApiServer(http.get("/api/auth/me/", () => HttpResponse.json({ username: "alice" })));
const ANNA: OwnPicture = { picture: "p1", use: "face", name: "Anna" };
const shown = http.get("/api/pictures/:id/", () => HttpResponse.arrayBuffer(new ArrayBuffer(3)));

function Field({ initial, onPictures }: { initial: OwnPicture[]; onPictures: (all: OwnPicture[]) => void }) {
  const [pictures, setPictures] = useState(initial);
  const change = (all: OwnPicture[]) => {
    setPictures(all);
    onPictures(all);
  };
  return <PicturesField pictures={pictures} error={undefined} onPictures={change} />;
}

function drop(name = "anna.jpg") {
  const files = { item: () => new File(["x"], name, { type: "image/jpeg" }) };
  fireEvent.drop(screen.getByRole("button", { name: /Add a/ }), { dataTransfer: { files } });
}

async function loaded() {
  const dialog = await screen.findByRole("dialog");
  const image = dialog.querySelector("img[alt='']");
  if (image) fireEvent.load(image);
}

describe("pictures in a form", () => {
  beforeEach(() => {
    URL.createObjectURL = () => "blob:test";
    URL.revokeObjectURL = () => undefined;
    vi.mocked(drawn).mockResolvedValue(new Blob(["small"]));
  });

  it("asks who it is, says what went wrong, and adds what was sent", async () => {
    const onPictures = vi.fn<(all: OwnPicture[]) => void>();
    let tries = 0;
    api.use(
      http.post("/api/pictures/", ({ request }) => {
        expect(request.headers.get("Content-Type")).toBe("application/octet-stream");
        tries += 1;
        const message = "This file cannot be used as a picture.";
        return tries === 1
          ? HttpResponse.json(
              { error: { type: "InvalidInput", message, fields: { picture: message } } },
              { status: 400 },
            )
          : HttpResponse.json({ id: "p1", width: 9, height: 9, bytes: 5 }, { status: 201 });
      }),
    );
    const { user } = renderSignedIn(<Field initial={[]} onPictures={onPictures} />);
    drop();
    await loaded();
    await user.click(screen.getByRole("button", { name: "Use this picture" }));
    expect(screen.getByText("Write the name of a character.")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: /Who is this/ }), " Anna ");
    await user.click(screen.getByRole("button", { name: "Use this picture" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("cannot be used as a picture");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(onPictures).toHaveBeenCalledWith([ANNA]));
    expect(await screen.findByRole("img", { name: "The face of Anna" })).toBeInTheDocument();
    expect(screen.getByText("The picture of Anna is added.")).toBeInTheDocument();
  });

  it("shows those of an earlier film, which can be renamed and taken out", async () => {
    const onPictures = vi.fn<(all: OwnPicture[]) => void>();
    const style: OwnPicture = { picture: "p2", use: "style", name: "" };
    const deleted = vi.fn<(id: unknown) => void>();
    api.use(
      http.delete("/api/pictures/:id/", ({ params }) => {
        deleted(params["id"]);
        return new HttpResponse(null, { status: 409 });
      }),
      http.get("/api/pictures/p2/", () => new HttpResponse(null, { status: 404 })),
      shown,
    );
    const { user } = renderSignedIn(<Field initial={[ANNA, style]} onPictures={onPictures} />);
    expect(await screen.findByRole("img", { name: "The face of Anna" })).toBeInTheDocument();
    expect(await screen.findByText("It is not there any more")).toBeInTheDocument();
    await user.type(screen.getByRole("textbox", { name: "Name of character 1" }), "!");
    expect(onPictures).toHaveBeenLastCalledWith([{ ...ANNA, name: "Anna!" }, style]);
    await user.click(screen.getByRole("button", { name: "Take out the picture of the style" }));
    expect(onPictures).toHaveBeenLastCalledWith([{ ...ANNA, name: "Anna!" }]);
    await waitFor(() => expect(deleted).toHaveBeenCalledWith("p2"));
  });

  it("takes eight at most", () => {
    const many = Array.from({ length: 8 }, (_, number) => ({ ...ANNA, picture: `p${number}` }));
    api.use(shown);
    renderSignedIn(<Field initial={many} onPictures={vi.fn<() => void>()} />);
    expect(screen.getByRole("button", { name: "Add another picture" })).toBeDisabled();
  });
});
