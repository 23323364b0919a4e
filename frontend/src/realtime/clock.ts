/** Time, so that tests can hold it in their hands. */

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  after(seconds: number, run: () => void): Cancel;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(seconds, run) {
    const timer = setTimeout(run, seconds * 1000);
    return () => clearTimeout(timer);
  },
};
