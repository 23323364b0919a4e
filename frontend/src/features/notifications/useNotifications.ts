import { useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

import type { LiveWorkflows } from "@callboard/client";
import { useServices } from "@/shared/services";
import { newsOf, type News } from "./news";

/** The wish is this browser's, and so is the permission. */
const KEY = "callboard.notifications";

export interface NotificationSwitch {
  /** "denied": the browser was told to refuse them; only its own settings change that. Null: it has none. */
  state: "on" | "off" | "denied" | null;
  toggle: () => void;
}

/** Notifies of the user's films that end, or need them, while the page is not looked at. Asks the browser only when switched on. */
export function useNotifications(username: string): NotificationSwitch {
  const { connection } = useServices();
  const navigate = useNavigate();
  const [isWanted, setWanted] = useState(() => localStorage.getItem(KEY) === "on");
  const [permission, setPermission] = useState(() =>
    "Notification" in window ? Notification.permission : null,
  );
  const seen = useRef<LiveWorkflows["rows"]>({});
  const isOn = isWanted && permission === "granted";

  useEffect(() => {
    if (!isOn || username === "") return undefined;
    const current = () => connection.view("workflows", "").value?.rows;
    const stop = connection.watch("workflows", "", () => {
      const rows = current();
      if (!rows) return;
      const news = newsOf(seen.current, rows, username);
      seen.current = rows;
      if (document.hidden)
        news.forEach((one) => show(one, () => void navigate(`/workflows/${one.workflowId}`)));
    });
    seen.current = current() ?? {}; // a page may have watched the list already
    return stop;
  }, [connection, isOn, navigate, username]);

  const toggle = useCallback(() => {
    const next = !isOn;
    localStorage.setItem(KEY, next ? "on" : "off");
    setWanted(next);
    if (next) void Notification.requestPermission().then(setPermission);
  }, [isOn]);
  if (permission === null) return { state: null, toggle };
  if (permission === "denied") return { state: "denied", toggle };
  return { state: isOn ? "on" : "off", toggle };
}

/** The same tag in every tab: a browser shows it once. */
function show({ workflowId, title, text }: News, onOpen: () => void): void {
  try {
    const notification = new Notification(title, {
      body: text,
      tag: `${workflowId} ${text}`,
      icon: "/icon.svg",
    });
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      onOpen();
    });
  } catch {
    // Chrome on Android shows them only for service workers: there is none here.
  }
}
