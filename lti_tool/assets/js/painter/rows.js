import { startOf } from "./cells.js";
import { element } from "./elements.js";
import { DAYS, clock } from "./hours.js";

export function makeRow(row) {
  const line = element("div", { role: "row", class: "painter-row" });
  line.append(element("div", { role: "rowheader", class: "painter-hour" }, clock(startOf(row))));
  for (const day of DAYS) {
    const name = `${day}-${row}`;
    line.append(element("div", { role: "gridcell", class: "painter-cell", tabindex: -1, "data-cell": name }));
  }
  return line;
}

/** Return the cell that an event is about, if any. */
export function cellOf({ target }) {
  const name = target.closest("[data-cell]")?.dataset.cell;
  if (!name) return undefined;
  const [day, row] = name.split("-").map(Number);
  return { day, row };
}
