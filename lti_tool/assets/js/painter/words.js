import { between } from "./cells.js";
import { BUSY, FREE, MAYBE, QUARTER, STATES, clock } from "./hours.js";

/** What is said of a week. The page holds the sentences, with braces for what changes in them. */
export class Words {
  constructor(root) {
    this.sentences = root.dataset;
    this.days = [...root.querySelectorAll("[data-day-name]")].map((name) => name.getAttribute("aria-label"));
    this.states = STATES.map((state) => root.querySelector(`input[name=brush][value=${state}]`).dataset.stateName);
  }

  /** Return what a screen reader says of the cells between two. */
  ofCells(from, to, state) {
    const { first, last, start, end } = between(from, to);
    const values = { start: clock(start), end: clock(end), state: this.states[state] };
    if (first === last) return fill(this.sentences.cell, { day: this.days[first], ...values });
    return fill(this.sentences.block, { first: this.days[first], last: this.days[last], ...values });
  }

  /** Return how much of a week is taken. */
  ofTotal(week) {
    const count = (state) => week.filter((found) => found === state).length;
    const [free, maybe, busy] = [FREE, MAYBE, BUSY].map(count);
    if (free === week.length) return this.sentences.nothing;
    const said = [fill(this.sentences.busy, { hours: this.ofLength(busy * QUARTER) })];
    if (maybe) said.push(fill(this.sentences.tentative, { hours: this.ofLength(maybe * QUARTER) }));
    return said.join(" ");
  }

  ofUnreadable(part) {
    return fill(this.sentences.unreadable, { part });
  }

  ofLength(length) {
    const { minutes: short, hours: whole, hoursMinutes: both } = this.sentences;
    const values = { hours: Math.floor(length / 60), minutes: length % 60 };
    if (!values.hours) return fill(short, values);
    return fill(values.minutes ? both : whole, values);
  }
}

function fill(sentence, values) {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}
