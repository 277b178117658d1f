// A native <video> in a [data-player]: resumes, reports what was watched, and lets the transcript follow along.
import { announce } from "./announce.js";

const REPORT_EVERY_MS = 15_000;
const SEEK_SECONDS = 10;
const END_SECONDS = 3;

for (const player of document.querySelectorAll("[data-player]")) start(player);

function start(player) {
  const video = player.querySelector("video");
  resume(player, video);
  report(player, video);
  follow(player, video);
  listenForKeys(player, video);
}

/** Begin where the learner stopped, unless that was the end, and offer to begin at the start. */
function resume(player, video) {
  const from = Number(player.dataset.resume);
  const bar = player.querySelector("[data-resume-bar]");
  const goOn = () => {
    if (from >= video.duration - END_SECONDS) return;
    video.currentTime = from;
    bar.hidden = false;
  };
  if (from > 0 && video.readyState >= HTMLMediaElement.HAVE_METADATA) goOn();
  else if (from > 0) video.addEventListener("loadedmetadata", goOn, { once: true });
  bar.querySelector("button").addEventListener("click", () => {
    video.currentTime = 0;
    bar.hidden = true;
    video.focus();
  });
}

/**
 * POST {position, duration, played: [[from, to], …]} in seconds to data-progress-url: now and then while it plays, at
 * each stop, and when the page is left. `played` holds all that was played since the page was opened, so a lost or a
 * repeated report does no harm.
 */
function report(player, video) {
  const url = player.dataset.progressUrl;
  if (!url) return;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  let last = "";
  let said = "";
  const say = (message) => {
    if (message !== said) announce(message);
    said = message;
  };
  const send = async () => {
    const body = JSON.stringify({ position: round(video.currentTime), duration: round(video.duration), played: ranges(video.played) });
    if (video.played.length === 0 || body === last) return;
    last = body;
    try {
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
      const response = await fetch(url, { method: "POST", body, headers, keepalive: true });
      if (!response.ok) last = "";
      else if (response.status === 200) say((await response.json()).message);
    } catch {
      last = ""; // No network for a moment: the next report carries everything again.
    }
  };
  setInterval(() => { if (!video.paused) send(); }, REPORT_EVERY_MS);
  for (const event of ["pause", "ended"]) video.addEventListener(event, send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
}

function ranges(played) {
  return Array.from({ length: played.length }, (_, i) => [round(played.start(i)), round(played.end(i))]);
}

function round(seconds) {
  return Number.isFinite(seconds) ? Math.round(seconds * 10) / 10 : 0;
}

/** Mark the sentence that is spoken, keep it in sight unless someone reads elsewhere, and jump to one when asked. */
function follow(player, video) {
  const list = player.querySelector("[data-cues]");
  if (!list) return;
  const cues = [...list.querySelectorAll("button[data-start]")];
  const starts = cues.map((cue) => Number(cue.dataset.start));
  let current = null;
  video.addEventListener("timeupdate", () => {
    const spoken = cues[starts.findLastIndex((start) => start <= video.currentTime + 0.05)] ?? null;
    if (spoken === current) return;
    current?.removeAttribute("aria-current");
    spoken?.setAttribute("aria-current", "true");
    current = spoken;
    if (spoken && !list.matches(":hover, :focus-within")) list.scrollTop = spoken.offsetTop - list.clientHeight / 3;
  });
  for (const cue of cues) {
    cue.addEventListener("click", () => {
      video.currentTime = Number(cue.dataset.start);
      video.play();
    });
  }
}

/** J, K and L as in every editing room; the browser's own keys keep working. */
function listenForKeys(player, video) {
  const actions = {
    j: () => { video.currentTime -= SEEK_SECONDS; },
    k: () => (video.paused ? video.play() : video.pause()),
    l: () => { video.currentTime += SEEK_SECONDS; },
  };
  player.addEventListener("keydown", (event) => {
    const action = actions[event.key.toLowerCase()];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}
