import { STORAGE, listen, store } from "./storage.js";

listen(document.body.dataset.origin, Object.fromEntries(STORAGE.map(subject => [subject, store])));
