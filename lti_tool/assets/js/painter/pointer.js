import { isSame } from "./cells.js";
import { cellOf } from "./rows.js";

const HOLD_MS = 250;
const SLOP_PX = 10;

/** Painting with a mouse, a pen or a finger. A finger scrolls until it has been held; from then on it paints. */
export class Pointer {
  constructor(grid, strokes) {
    this.grid = grid;
    this.strokes = strokes;
    this.press = null; // a finger or mouse button that is down
  }

  get isDown() {
    return this.press !== null;
  }

  listen() {
    const on = (name, act, options) => this.grid.element.addEventListener(name, act, options);
    const stay = (event) => { if (this.press?.isPainting) event.preventDefault(); };
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", () => this.cancel());
    on("touchmove", stay, { passive: false });
    on("contextmenu", stay);
  }

  down(event) {
    const cell = cellOf(event);
    if (!event.isPrimary) this.cancel(); // two fingers zoom
    if (!cell || !event.isPrimary || event.button !== 0 || event.ctrlKey) return;
    this.press = { cell, x: event.clientX, y: event.clientY, isPainting: false };
    if (event.pointerType === "touch") this.press.timer = setTimeout(() => this.paint(), HOLD_MS);
    else this.paint();
    this.grid.body.setPointerCapture(event.pointerId);
  }

  paint() {
    this.press.isPainting = true;
    this.strokes.begin(this.press.cell, { toggle: true });
  }

  move(event) {
    if (!this.press || !event.isPrimary) return;
    if (this.press.isPainting) {
      const cell = this.grid.cellUnder(event);
      if (!isSame(cell, this.strokes.stroke.to)) this.strokes.extend(cell);
    } else if (Math.hypot(event.clientX - this.press.x, event.clientY - this.press.y) > SLOP_PX) this.cancel();
  }

  up(event) {
    if (!this.press || !event.isPrimary) return;
    if (!this.press.isPainting) this.paint();
    this.release();
    this.strokes.write();
    this.strokes.end();
  }

  /** Give up: the browser scrolls or zooms. */
  cancel() {
    if (this.press?.isPainting) this.strokes.cancel();
    this.release();
  }

  release() {
    clearTimeout(this.press?.timer);
    this.press = null;
  }
}
