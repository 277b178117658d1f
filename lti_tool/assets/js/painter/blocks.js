import { svgElement } from "./elements.js";
import { DAYS, STATES, hoursOf } from "./hours.js";

/** Return a block for all that is not free; the time from `start` to `end` is the height of the drawing. */
export function blocksOf(week, start, end) {
  return DAYS.flatMap((day) => hoursOf(week, day).map((stretch) => block(day, stretch, start, end)));
}

function block(day, stretch, start, end) {
  const state = STATES[stretch.state];
  const place = {
    x: share(day, 7),
    y: share(stretch.start - start, end - start),
    width: share(1, 7),
    height: share(stretch.end - stretch.start, end - start),
  };
  const made = svgElement("svg", place);
  const paint = { class: `block ${state}`, fill: `url(#painter-${state})` };
  made.append(svgElement("rect", { width: "100%", height: "100%", ...paint }));
  return made;
}

function share(part, whole) {
  return `${Math.round((part * 1e5) / whole) / 1e3}%`;
}
