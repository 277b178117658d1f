// The seven fields of a usual week work without this; it draws what they say, and lets people paint what they hold.
import { Keys } from "./painter/keys.js";
import { Painting } from "./painter/painting.js";
import { Pointer } from "./painter/pointer.js";
import { Strokes } from "./painter/strokes.js";

for (const root of document.querySelectorAll("[data-painter]")) start(root);

function start(root) {
  const painting = new Painting(root);
  const strokes = new Strokes(root, painting);
  const pointer = new Pointer(painting.grid, strokes);
  pointer.listen();
  new Keys(painting.grid, strokes, pointer).listen();
  listen(root, painting, strokes);
  root.querySelector("[data-typing]").append(root.querySelector("[data-fields]"));
  root.querySelector("[data-board]").hidden = false;
  root.dataset.ready = "";
}

/** Let the fields and the buttons change the week; what they change, no stroke goes on from. */
function listen(root, painting, strokes) {
  const afterStroke = (act) => () => {
    strokes.end();
    act();
  };
  const onClick = (name, act) => root.querySelector(name).addEventListener("click", afterStroke(act));
  root.querySelector("[data-night-button]").addEventListener("click", () => painting.grid.toggleNight());
  onClick("[data-undo]", () => painting.undo());
  onClick("[data-clear]", () => painting.clear());
  onClick("[data-copy-monday]", () => painting.copyMonday());
  painting.fields.onTyped(afterStroke(() => painting.typed()));
  // A browser may put back what was typed before only once the page is there.
  window.addEventListener("pageshow", () => painting.show());
}
