import { announce } from "../announce.js";
import { afterClick } from "./after-click.js";
import { Fields } from "./fields.js";
import { Grid } from "./grid.js";
import { freeWeek, hoursOf, readWeek, statesOf, writeHours } from "./hours.js";
import { Words } from "./words.js";

/** A week in fields, and drawn. The fields' texts are all that is kept: every change writes and reads them again. */
export class Painting {
  constructor(root) {
    this.words = new Words(root);
    this.fields = new Fields(root, this.words);
    this.grid = new Grid(root, this.words);
    this.total = root.querySelector("[data-total]");
    this.undoButton = root.querySelector("[data-undo]");
    this.kept = null; // the texts before the last change
    this.show();
  }

  get week() {
    return readWeek(this.fields.texts).week;
  }

  /** Draw what the fields say. */
  show() {
    const { week, unreadable } = readWeek(this.fields.texts);
    this.fields.mark(unreadable);
    this.grid.show(week);
    this.total.textContent = this.words.ofTotal(week);
  }

  /** Fill the fields with a week instead of `texts`. One that cannot be read stays, unless its day `isPainted`. */
  write(week, texts, isPainted) {
    const { unreadable } = readWeek(texts);
    this.fields.texts = texts.map((text, day) =>
      unreadable.has(day) && !isPainted(day) ? text : writeHours(hoursOf(week, day)),
    );
    this.keep(texts);
    this.show();
  }

  /** Draw what is typed. Leaving a field may be the beginning of a click on a button below the drawing. */
  typed() {
    this.keep(null);
    afterClick(() => this.show());
  }

  undo() {
    if (!this.kept) return;
    this.fields.texts = this.kept;
    this.keep(null);
    this.show();
    announce(this.words.sentences.undone);
  }

  copyMonday() {
    const { week } = this;
    for (let day = 1; day < 5; day++) statesOf(week, day).set(statesOf(week, 0));
    this.write(week, this.fields.texts, (day) => day > 0 && day < 5);
    announce(this.words.sentences.copied);
  }

  clear() {
    this.write(freeWeek(), this.fields.texts, () => true);
    announce(this.words.sentences.cleared);
  }

  keep(texts) {
    this.kept = texts;
    this.undoButton.setAttribute("aria-disabled", String(!texts));
  }
}
