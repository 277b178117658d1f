// LTI Platform Storage 0.1 and Client Side postMessages 0.1: the platform keeps a login's secret where the
// browser keeps no cookie of ours.
const PATIENCE_MS = 800;

const storing = document.querySelector("[data-store-login]");
const bringing = document.querySelector("[data-bring-login]");
if (storing) store(storing);
if (bringing) bring(bringing);

/** Put the secret into the platform's storage, then go on to the platform; without storage go on at once. */
async function store({ dataset: { key, value, frame, origin } }) {
  const keeper = await storageFrame(frame, "lti.put_data");
  if (keeper) await ask(keeper, origin, { subject: "lti.put_data", key, value });
  window.location.replace(document.getElementById("continue").href);
}

/** Post the launch again with the secret that the platform kept; without it the page offers a window. */
async function bring(form) {
  const { key, frame, origin } = form.dataset;
  const offer = document.getElementById("window");
  offer.hidden = true;
  const keeper = await storageFrame(frame, "lti.get_data");
  const answer = keeper && (await ask(keeper, origin, { subject: "lti.get_data", key }));
  if (typeof answer?.value !== "string" || answer.value === "") {
    offer.hidden = false;
    return;
  }
  form.elements.browser_secret.value = answer.value;
  form.submit();
}

/** Return the frame that answers `subject`, or null: some platforms name a storage that does not work. */
async function storageFrame(frame, subject) {
  if (window === window.top && !window.opener) return null;
  const answer = await ask("_parent", "*", { subject: "lti.capabilities" });
  const found = (answer?.supported_messages ?? []).find((message) => message.subject === subject);
  return found ? (found.frame ?? frame) : null;
}

/** Send a message to a frame of the platform; return its answer, or null when none comes in time. */
function ask(frame, origin, message) {
  const target = frameOf(frame);
  if (!target) return null;
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const done = (answer) => {
      window.removeEventListener("message", hear);
      clearTimeout(timer);
      resolve(answer);
    };
    const hear = (event) => {
      const { data } = event;
      if (origin !== "*" && event.origin !== origin) return;
      if (data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
      done(data.error ? null : data);
    };
    const timer = setTimeout(() => done(null), PATIENCE_MS);
    window.addEventListener("message", hear);
    target.postMessage({ ...message, message_id: id }, origin);
  });
}

/** Return the window that a storage target names: `_parent`, or a frame beside ours. */
function frameOf(name) {
  const platform = window.opener ?? window.parent;
  if (name === "_parent") return platform;
  try {
    return platform.frames[name] ?? null;
  } catch {
    return null;
  }
}
