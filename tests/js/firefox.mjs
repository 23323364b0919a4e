// The main journeys in Firefox: node firefox.mjs JOURNEY ADDRESS PARAMETERS. Prints nothing; fails with the first thing that is not so.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

const [journey, address, parameters] = process.argv.slice(2);
const { password, workflow } = JSON.parse(parameters);
const PATIENCE_MS = 60_000; // on a busy machine
const FILM_MS = 300_000;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX,
  defaultViewport: { width: 1440, height: 900 },
  protocolTimeout: FILM_MS, // of one call: a wait is one
  extraPrefsFirefox: { "media.autoplay.default": 0 },
});
const broken = [];

/** A page of a browser profile of its own, where `who` is signed in. */
async function visit(path, who) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => broken.push(error.message));
  await page.goto(address + path);
  await type(page, "Username", who);
  await (await page.waitForSelector("input[type=password]")).type(password);
  await press(page, "Sign in");
  await page.waitForSelector(`::-p-aria(Account of ${who})`);
  return page;
}

// By handle: Puppeteer's locators wait for an element to stand still, which in a background tab it never does.
const find = (page, name, role) => page.waitForSelector(`::-p-aria([name='${name}'][role='${role}'])`);
/** By keyboard: the page moves under a mouse while a film is made. Only the window in front gets keys. */
const enter = async (page, element) => {
  await page.bringToFront();
  await element.press("Enter");
};
const press = async (page, name, role = "button") => enter(page, await find(page, name, role));
const type = async (page, name, text) => (await find(page, name, "textbox")).type(text);
const shows = (page, text, timeout = PATIENCE_MS) => page.waitForSelector(`::-p-text(${text})`, { timeout });

const journeys = {
  async "a film is made of an idea, watched live, and plays"() {
    const page = await visit("/idea2video", "alice");
    await type(page, "Your idea", "A lamplighter teaches a moth to wait for the morning.");
    const scenes = await find(page, "Scenes", "slider");
    for (let left = 2; left > 0; left -= 1) await scenes.press("ArrowLeft");
    await press(page, "Make the video");
    await shows(page, "The workflow is running");
    await shows(page, "The workflow is completed", FILM_MS);
    const video = await page.waitForSelector("video");
    // Not waitForFunction: it makes its function of a text, which the page's Content-Security-Policy forbids.
    await video.evaluate(async (film) => {
      // Debian's Firefox plays H.264 only where its recommended codecs are installed.
      if (film.canPlayType('video/mp4; codecs="avc1.64001f"') === "") return;
      film.muted = true;
      await film.play();
      await new Promise((done) => (film.ontimeupdate = () => film.currentTime > 0.5 && done()));
    });
  },

  async "what one tab pauses is paused in the other"() {
    const first = await visit(`/workflows/${workflow}`, "alice");
    const second = await visit(`/workflows/${workflow}`, "alice");
    await press(first, "Pause");
    await enter(first, await first.waitForSelector("::-p-xpath(//button[contains(., 'Finish these, then pause')])"));
    await shows(second, "The workflow is paused", FILM_MS);
    await press(second, "Resume");
    await shows(first, "The workflow is running");
  },

  async "an operator switches an agent off, and who watches sees why"() {
    const watcher = await visit("/agents", "olga");
    const page = await visit("/agents", "ada");
    await press(page, "Script enhancer");
    await type(page, "Why", "Seen in Firefox");
    await (await shows(page, "Draining")).click();
    await press(page, "Save");
    await shows(watcher, "Seen in Firefox");
  },

  async "a replay shows a moment, and goes back to now"() {
    const page = await visit(`/workflows/${workflow}?view=activity`, "alice");
    await shows(page, "Storyboard is done", FILM_MS);
    await press(page, "Replay", "link");
    const slider = await find(page, "Moment of the replay", "slider");
    await slider.press("Home");
    await shows(page, "The workflow is waiting");
    await slider.press("ArrowRight");
    await page.waitForSelector("input[aria-valuetext*='The workflow started; event 1 of ']");
    await shows(page, "This is a replay: go back to now to control the workflow.");
    await press(page, "Back to now", "link");
    await find(page, "Replay", "link");
    await shows(page, "Storyboard is done");
  },

  async "the workflow of somebody else is not there"() {
    const page = await visit(`/workflows/${workflow}`, "bob");
    await shows(page, "There is no such workflow");
  },
};

try {
  await journeys[journey]();
  assert.deepEqual(broken, [], "no error in a page");
} finally {
  await browser.close();
}
