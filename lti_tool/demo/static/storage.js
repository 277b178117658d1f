// LTI Platform Storage 1.0: keeps values for one origin, for as long as this page is open.
const LIMIT = 4096;
const kept = new Map();

export const STORAGE = ["lti.put_data", "lti.get_data"];

export function store(message) {
  const { subject, key, value } = message;
  if (typeof key !== "string" || key === "") return refusal("bad_request", "key is missing");
  if (subject === "lti.get_data") return { key, value: kept.get(key) ?? null };
  if (value === undefined || value === null) kept.delete(key);
  else if (typeof value !== "string" || value.length > LIMIT) return refusal("bad_request", "value is no short text");
  else kept.set(key, value);
  return { key, value };
}

export function refusal(code, message) {
  return { error: { code, message } };
}

// Answers every message of one origin whose subject is a key of `answers`; another site's is refused.
export function listen(origin, answers) {
  window.addEventListener("message", event => {
    const { subject, message_id } = event.data ?? {};
    if (typeof subject !== "string" || !subject.startsWith("lti.") || subject.endsWith(".response")) return;
    const answer = event.origin !== origin ? () => refusal("wrong_origin", "this is not the tool") : answers[subject];
    const said = answer ? answer(event.data, event.source) : refusal("unsupported_subject", subject);
    event.source.postMessage({ subject: `${subject}.response`, message_id, ...said }, event.origin);
  });
}
