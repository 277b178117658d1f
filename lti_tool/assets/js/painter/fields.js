import { announce } from "../announce.js";
import { readWeek } from "./hours.js";

/** The seven fields that are sent, and what is said at those that cannot be read. */
export class Fields {
  constructor(root, words) {
    this.words = words;
    this.inputs = [...root.querySelectorAll("[data-fields] input")];
    this.error = root.querySelector("[data-error]").content.firstElementChild;
    this.unreadable = readWeek(this.texts).unreadable; // the page has said so already
  }

  get texts() {
    return this.inputs.map((input) => input.value);
  }

  set texts(texts) {
    this.inputs.forEach((input, day) => { input.value = texts[day]; });
  }

  onTyped(act) {
    for (const input of this.inputs) input.addEventListener("change", act);
  }

  /** Have a field tell now what was typed in it: by itself it does so at any moment of a click elsewhere. */
  leave() {
    for (const input of this.inputs) input.blur();
  }

  /** Say what cannot be read, unless that is said already. */
  mark(unreadable) {
    this.inputs.forEach((input, day) => {
      const part = unreadable.get(day);
      if (part === this.unreadable.get(day)) return;
      clear(input);
      if (part !== undefined) this.complain(input, this.words.ofUnreadable(part));
    });
    this.unreadable = unreadable;
  }

  complain(input, sentence) {
    const error = this.error.cloneNode(true);
    error.id = `${input.id}-error`;
    error.lastElementChild.textContent = sentence;
    notesOf(input).append(error);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", error.id);
    announce(sentence);
  }
}

function clear(input) {
  notesOf(input).replaceChildren();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

function notesOf(input) {
  return input.closest(".field").querySelector(".notes");
}
