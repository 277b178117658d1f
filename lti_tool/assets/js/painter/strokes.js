import { announce } from "../announce.js";
import { between, paint, stateOf } from "./cells.js";
import { FREE, STATES } from "./hours.js";

/** What is being painted, by pointer or by keys: one stroke at a time, of all between two cells. */
export class Strokes {
  constructor(root, painting) {
    this.root = root;
    this.painting = painting;
    this.grid = painting.grid;
    this.stroke = null;
  }

  get brush() {
    return STATES.indexOf(this.root.querySelector("input[name=brush]:checked").value);
  }

  /** Begin to paint at a cell; where it has the brush's state already, `toggle` wipes it out. */
  begin(cell, { toggle }) {
    this.painting.fields.leave(); // what is being typed counts too
    const { week, fields } = this.painting;
    const state = toggle && stateOf(week, cell) === this.brush ? FREE : this.brush;
    this.stroke = { from: cell, state, week, texts: fields.texts };
    this.extend(cell);
  }

  /** Paint all between the first cell of the stroke and this one. */
  extend(cell) {
    const { from, state, week } = this.stroke;
    this.stroke.to = cell;
    this.grid.draw(paint(week, from, cell, state));
  }

  /** Write down what is painted. The stroke may go on: what comes then replaces this. */
  write() {
    const { from, to, state, texts } = this.stroke;
    const { first, last } = between(from, to);
    this.painting.write(this.grid.week, texts, (day) => first <= day && day <= last);
    announce(this.painting.words.ofCells(from, to, state));
  }

  end() {
    this.stroke = null;
  }

  /** Take back what was not written yet. */
  cancel() {
    this.grid.draw(this.stroke.week);
    this.end();
  }
}
