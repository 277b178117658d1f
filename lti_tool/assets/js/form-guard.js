import { announce } from "./announce.js";

/** Let every form be sent once; the button says it is busy and keeps its name. */
export function guardForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent === "true") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // aria-busy, not `disabled`: a disabled button would leave its own value out of what is sent.
    event.submitter?.setAttribute("aria-busy", "true");
    announce(document.body.dataset.busyText);
  });
  // The back button may bring the page back as it was: sent, and still wanting to be used.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  });
}
