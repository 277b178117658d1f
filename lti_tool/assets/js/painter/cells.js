// A cell is half an hour of a day, {day, row}.
import { DAY, DAYS, hoursOf, statesOf } from "./hours.js";

const HALF_HOUR = 30;
const ROWS = DAY / HALF_HOUR;
// The rows that are shown; outside of the first, from 6:00 to 22:00, it is night.
export const DAYTIME = { first: 12, last: 44 };
export const DAY_AND_NIGHT = { first: 0, last: ROWS };

export function startOf(row) {
  return row * HALF_HOUR;
}

export function isSame(a, b) {
  return a.day === b.day && a.row === b.row;
}

/** Return the cell itself where it is shown, or else the shown one nearest to it. */
export function nearest({ day, row }, shown) {
  return { day: clamp(day, 0, DAYS.length - 1), row: clamp(row, shown.first, shown.last - 1) };
}

/** Return the days, first to last, and the time on each, start to end, between two cells in any order. */
export function between(a, b) {
  return {
    first: Math.min(a.day, b.day),
    last: Math.max(a.day, b.day),
    start: startOf(Math.min(a.row, b.row)),
    end: startOf(Math.max(a.row, b.row) + 1),
  };
}

/** Return the week with all between two cells in one state. */
export function paint(week, from, to, state) {
  const { first, last, start, end } = between(from, to);
  const painted = week.slice();
  for (let day = first; day <= last; day++) statesOf(painted, day, start, end).fill(state);
  return painted;
}

/** Return the stronger state of a cell's two quarters. */
export function stateOf(week, { day, row }) {
  return Math.max(...statesOf(week, day, startOf(row), startOf(row + 1)));
}

export function isTakenAtNight(week) {
  const [morning, evening] = [startOf(DAYTIME.first), startOf(DAYTIME.last)];
  return DAYS.some((day) => hoursOf(week, day).some(({ start, end }) => start < morning || end > evening));
}

function clamp(value, first, last) {
  return Math.min(Math.max(value, first), last);
}
