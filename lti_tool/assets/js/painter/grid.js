import { blocksOf } from "./blocks.js";
import { DAYTIME, DAY_AND_NIGHT, isTakenAtNight, nearest, startOf, stateOf } from "./cells.js";
import { element, svgElement } from "./elements.js";
import { DAYS, STATES, freeWeek } from "./hours.js";
import { makeRow } from "./rows.js";

const START = { day: 0, row: 16 }; // Monday at 8:00

/** The drawn week: a cell for every half hour, to point at and to hear, and over those the blocks, to see. */
export class Grid {
  constructor(root, words) {
    this.words = words;
    this.element = root.querySelector("[data-grid]");
    this.nightButton = root.querySelector("[data-night-button]");
    this.week = freeWeek(); // what is drawn
    this.shown = DAYTIME;
    this.here = START; // the cell that the keyboard is at
    this.rows = Array.from({ length: DAY_AND_NIGHT.last }, (_, row) => makeRow(row));
    this.blocks = svgElement("svg", { class: "painter-blocks", "aria-hidden": "true" });
    this.body = element("div", { role: "rowgroup", class: "painter-body" });
    this.body.append(...this.rows, this.blocks);
    this.element.append(this.body);
  }

  /** Draw a week, with the night if something is painted there. */
  show(week) {
    this.week = week;
    this.showRows(isTakenAtNight(week) ? DAY_AND_NIGHT : this.shown);
  }

  toggleNight() {
    this.showRows(this.shown === DAYTIME ? DAY_AND_NIGHT : DAYTIME);
  }

  showRows(shown) {
    this.shown = shown;
    this.nightButton.setAttribute("aria-expanded", String(shown === DAY_AND_NIGHT));
    this.rows.forEach((line, row) => { line.hidden = row < shown.first || row >= shown.last; });
    this.enter(nearest(this.here, shown));
    this.draw(this.week);
  }

  draw(week) {
    this.week = week;
    this.blocks.replaceChildren(...blocksOf(week, startOf(this.shown.first), startOf(this.shown.last)));
    for (const row of this.rows.keys()) for (const day of DAYS) this.name({ day, row });
  }

  /** Let a cell say what it is. */
  name(cell) {
    const found = this.at(cell);
    const state = stateOf(this.week, cell);
    if (found.dataset.state === STATES[state]) return;
    found.dataset.state = STATES[state];
    found.setAttribute("aria-label", this.words.ofCells(cell, cell, state));
  }

  /** Let the keyboard be at a cell: of all cells, the Tab key stops there only. */
  enter(cell, { focus = false } = {}) {
    this.at(this.here).tabIndex = -1;
    this.here = cell;
    this.at(cell).tabIndex = 0;
    if (focus) this.at(cell).focus();
  }

  at({ day, row }) {
    return this.rows[row].children[day + 1];
  }

  /** Return the shown cell under a pointer, or else the one nearest to it. */
  cellUnder({ clientX, clientY }) {
    const { first, last } = this.shown;
    const { left, top } = this.at({ day: 0, row: first }).getBoundingClientRect();
    const { right, bottom } = this.body.getBoundingClientRect();
    const day = Math.floor(((clientX - left) / (right - left)) * DAYS.length);
    const row = first + Math.floor(((clientY - top) / (bottom - top)) * (last - first));
    return nearest({ day, row }, this.shown);
  }
}
