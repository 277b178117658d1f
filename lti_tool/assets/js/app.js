// Every page works without these; each only makes it pleasanter.
import { startCopyButtons } from "./copy.js";
import { guardForms } from "./form-guard.js";
import { reportHeight, scrollToTop } from "./frame.js";
import { startPolling } from "./poll.js";
import { keepDrafts } from "./quiz-draft.js";

reportHeight();
scrollToTop();
// A browser leaves autofocus alone in the frame of another site.
document.querySelector("[autofocus]")?.focus({ preventScroll: true });
guardForms();
keepDrafts();
startCopyButtons();
startPolling();
