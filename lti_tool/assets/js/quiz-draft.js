const PREFIX = "klimop:draft:";

/**
 * Keep what is filled in on a form[data-draft="<attempt>"] until it is sent, and put it back after a reload.
 * An element [data-draft-done="<attempt>"] on the page of results throws the draft away.
 */
export function keepDrafts() {
  const store = tabStorage();
  if (!store) return;
  for (const done of document.querySelectorAll("[data-draft-done]")) store.removeItem(PREFIX + done.dataset.draftDone);
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    restore(form, JSON.parse(store.getItem(key) ?? "[]"));
    form.addEventListener("input", () => store.setItem(key, JSON.stringify(answers(form))));
  }
}

/** Return the tab's storage, or null where the browser forbids it to a framed page: then there is no draft. */
function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function answers(form) {
  return [...new FormData(form)].filter(([name, value]) => name.startsWith("answer-") && typeof value === "string");
}

function restore(form, entries) {
  for (const [name, value] of entries) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
      else field.value = value;
    }
  }
}
