// Hours, read and written as scheduling/painted.py does. A week is an array with the state of each of its quarters.
export const FREE = 0;
export const MAYBE = 1;
export const BUSY = 2;
export const STATES = ["free", "tentative", "busy"]; // as the page names them

export const QUARTER = 15; // minutes, like all times here
export const DAY = 24 * 60;
export const DAYS = [0, 1, 2, 3, 4, 5, 6]; // from Monday on
const QUARTERS = DAY / QUARTER; // in a day
const EXCERPT = 40;

const TIME = "([0-9]{1,2})(?:[:.]?([0-9]{2})| ?(?:uur|u|h)(?: ?([0-9]{2}))?)?";
const PART = new RegExp(`^${TIME} ?(?:[-‐‑–—−]|tot|to) ?${TIME} ?(\\?)?$`, "i");

export function freeWeek() {
  return new Uint8Array(DAYS.length * QUARTERS);
}

/** Return the week of seven texts, and for each day that cannot be read the part that gives no hours. */
export function readWeek(texts) {
  const week = freeWeek();
  const unreadable = new Map();
  texts.forEach((text, day) => {
    const parts = text.split(/[,;\n]/).map((part) => part.trim().replaceAll(/\s+/g, " ")).filter(Boolean);
    const read = parts.map(readPart);
    const wrong = read.indexOf(null);
    if (wrong >= 0) unreadable.set(day, parts[wrong].slice(0, EXCERPT));
    else for (const part of read) lay(week, day, part);
  });
  return { week, unreadable };
}

/** Return the text that reads as these hours. */
export function writeHours(hours) {
  return hours.map(({ start, end, state }) => `${clock(start)}-${clock(end)}${state === MAYBE ? "?" : ""}`).join(", ");
}

/** Return the stretches of a day that are not free, as {start, end, state}. */
export function hoursOf(week, day) {
  const hours = [];
  statesOf(week, day).forEach((state, quarter) => {
    const start = quarter * QUARTER;
    const before = hours.at(-1);
    if (before?.end === start && before.state === state) before.end += QUARTER;
    else if (state !== FREE) hours.push({ start, end: start + QUARTER, state });
  });
  return hours;
}

/** Return the states of the quarters of a day, or of a part of it; to fill them is to change the week. */
export function statesOf(week, day, start = 0, end = DAY) {
  return week.subarray(day * QUARTERS + start / QUARTER, day * QUARTERS + end / QUARTER);
}

export function clock(minutes) {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Return the quarters that "18-19:15?" touches and what they are, as {first, last, state}, or null for no hours. */
function readPart(part) {
  const match = PART.exec(part);
  if (!match) return null;
  const start = minutes(match[1], match[2] ?? match[3]);
  let end = minutes(match[4], match[5] ?? match[6]);
  if (start === null || end === null || start === DAY) return null;
  if (end <= start) end += DAY;
  const first = Math.floor(start / QUARTER);
  // Rounding makes nothing longer than a day.
  const last = Math.min(Math.ceil(end / QUARTER), first + QUARTERS);
  return { first, last, state: match[7] ? MAYBE : BUSY };
}

/** Return the minutes after midnight, or null where no clock shows this; 24:00 ends a day. */
function minutes(hour, minute = "0") {
  const total = 60 * Number(hour) + Number(minute);
  return Number(minute) < 60 && total <= DAY ? total : null;
}

/** Add a part to the week: busy wins over maybe, and what goes on past Sunday belongs to Monday. */
function lay(week, day, { first, last, state }) {
  for (let quarter = day * QUARTERS + first; quarter < day * QUARTERS + last; quarter++) {
    const at = quarter % week.length;
    week[at] = Math.max(week[at], state);
  }
}
