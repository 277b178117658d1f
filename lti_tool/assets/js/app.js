// Every page works without these; each only makes it pleasanter.
import { startCopyButtons } from "./copy.js";
import { guardForms } from "./form-guard.js";
import { reportHeight } from "./frame.js";
import { startPolling } from "./poll.js";
import { keepDrafts } from "./quiz-draft.js";

reportHeight();
guardForms();
keepDrafts();
startCopyButtons();
startPolling();
