// The picker works without this: the search has a button, and so has the answer to the LMS.
import { announce } from "./announce.js";

const PAUSE_MS = 250;

/** Send the answer to the LMS; the form guard must know, so it is submitted as a click would. */
for (const form of document.querySelectorAll("form[data-send]")) form.requestSubmit();

for (const form of document.querySelectorAll("form[data-search]")) searchWhileTyping(form);

/** Show what is found while someone types; the server searches, as it does for the button. */
function searchWhileTyping(form) {
  const results = document.getElementById(form.dataset.search);
  let timer;
  let asked = 0;
  const search = async () => {
    const turn = ++asked;
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form)).toString();
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    results.replaceChildren(...page.getElementById(results.id).childNodes);
    history.replaceState(null, "", address);
    announce(results.querySelector("[data-announce-results]").textContent);
  };
  form.elements.q.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
}
