import { isSame, nearest } from "./cells.js";
import { cellOf } from "./rows.js";

const PAGE = 4; // rows

/** Painting with the keyboard, a screen reader or a voice. */
export class Keys {
  constructor(grid, strokes, pointer) {
    this.grid = grid;
    this.strokes = strokes;
    this.pointer = pointer;
  }

  listen() {
    const on = (name, act) => this.grid.element.addEventListener(name, act);
    on("keydown", (event) => this.press(event));
    on("focusin", (event) => this.follow(cellOf(event)));
    on("focusout", (event) => this.leave(event));
    on("click", (event) => this.click(event));
  }

  press(event) {
    if (event.altKey || event.metaKey || this.pointer.isDown) return;
    const target = this.target(event);
    if (!target && ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (!target) this.dab();
    else if (event.shiftKey) this.paintTo(target);
    else this.strokes.end();
    if (target) this.grid.enter(target, { focus: true });
  }

  /** Return the cell that a key leads to, or undefined for a key that leads nowhere. */
  target({ key, ctrlKey }) {
    const { here, shown } = this.grid;
    const { day, row } = here;
    const steps = {
      ArrowLeft: { day: day - 1, row },
      ArrowRight: { day: day + 1, row },
      ArrowUp: { day, row: row - 1 },
      ArrowDown: { day, row: row + 1 },
      PageUp: { day, row: row - PAGE },
      PageDown: { day, row: row + PAGE },
      Home: { day: 0, row: ctrlKey ? shown.first : row },
      End: { day: 6, row: ctrlKey ? shown.last : row },
    };
    const step = steps[key];
    return step && nearest(step, shown);
  }

  /** Paint the cell where the keyboard is. */
  dab() {
    this.strokes.begin(this.grid.here, { toggle: true });
    this.strokes.write();
  }

  /** Go on with the stroke that a key began, or begin one. */
  paintTo(target) {
    if (!this.strokes.stroke) this.strokes.begin(this.grid.here, { toggle: false });
    this.strokes.extend(target);
    this.strokes.write();
  }

  /** Paint where a screen reader or a voice clicks: such a click comes without a pointer. */
  click(event) {
    const cell = event.detail === 0 && cellOf(event);
    if (!cell) return;
    this.follow(cell);
    this.dab();
  }

  /** Follow the focus; a stroke that a key began goes on only from where it is. */
  follow(cell) {
    if (!cell || isSame(cell, this.grid.here)) return;
    if (!this.pointer.isDown) this.strokes.end();
    this.grid.enter(cell);
  }

  leave({ relatedTarget }) {
    if (!this.pointer.isDown && !this.grid.element.contains(relatedTarget)) this.strokes.end();
  }
}
