import { announce } from "./announce.js";

const SLOWEST_MS = 30_000;

/**
 * Refresh each [data-poll] element from its URL while the server is busy.
 *
 * 202 carries the latest fragment and means: ask again. 200 carries the last one. Anything else, or no answer, keeps
 * what is shown and asks again ever more slowly. An element with data-announce inside the fragment is read out.
 */
export function startPolling() {
  for (const region of document.querySelectorAll("[data-poll]")) ask(region, Number(region.dataset.pollEvery) || 2000);
}

function ask(region, wait) {
  setTimeout(async () => {
    if (!region.isConnected) return;
    const answer = await fetchFragment(region.dataset.poll);
    if (answer) show(region, answer.html);
    if (answer?.finished) region.removeAttribute("aria-busy");
    else ask(region, answer ? Number(region.dataset.pollEvery) || 2000 : Math.min(wait * 2, SLOWEST_MS));
  }, wait);
}

/** Return {html, finished}, or null when the server gave no usable answer this time. */
async function fetchFragment(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html", "X-Requested-With": "fetch" } });
    if (response.status !== 200 && response.status !== 202) return null;
    return { html: await response.text(), finished: response.status === 200 };
  } catch {
    return null;
  }
}

function show(region, html) {
  const before = region.querySelector("[data-announce]")?.dataset.announce;
  region.innerHTML = html;
  const now = region.querySelector("[data-announce]")?.dataset.announce;
  if (now !== before) announce(now);
}
