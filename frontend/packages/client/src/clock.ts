/** The time, as an interface, so that tests can replace it. */

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, after so many seconds, unless it is cancelled. */
  after(seconds: number, run: () => void): Cancel;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(seconds, run) {
    const timer = setTimeout(run, seconds * 1000);
    return () => clearTimeout(timer);
  },
};
