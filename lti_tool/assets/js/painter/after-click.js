let isPressed = false;
document.addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { isPressed = false; }, true);

/** Act once a click that may be going on has arrived: what moves away under a pointer is not clicked. */
export function afterClick(act) {
  // A finger presses and lets go in one turn of the browser, a mouse in several.
  if (isPressed) document.addEventListener("pointerup", () => setTimeout(act), { once: true, capture: true });
  else setTimeout(act);
}
