// The platform's side of LTI Client Side postMessages 1.0, around the frame that a tool stands in.
import { STORAGE, listen, refusal, store } from "./storage.js";

const frame = document.querySelector("iframe[data-tool]");
const target = frame?.dataset.storage;

function capabilities() {
  const own = ["lti.capabilities", "lti.frameResize", "lti.scrollToTop"].map(subject => ({ subject }));
  const storage = target ? STORAGE.map(subject => ({ subject, frame: target })) : [];
  return { supported_messages: [...own, ...storage] };
}

function resize({ height }, source) {
  const pixels = Number.parseInt(height, 10);
  if (!(pixels > 0) || source !== frame.contentWindow) return refusal("bad_request", "height is no number");
  frame.style.flex = "none";
  frame.style.height = `${pixels}px`;
  return {};
}

function scroll() {
  frame.scrollIntoView();
  return {};
}

if (frame) {
  const storage = target === "_parent" ? STORAGE.map(subject => [subject, store]) : [];
  listen(frame.dataset.origin, {
    "lti.capabilities": capabilities,
    "lti.frameResize": resize,
    "lti.scrollToTop": scroll,
    ...Object.fromEntries(storage),
  });
}
