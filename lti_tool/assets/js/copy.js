import { announce } from "./announce.js";

/** Make each copy button fill the clipboard, or else select the text for the reader to copy. */
export function startCopyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  const copied = await toClipboard(field.value);
  if (!copied) field.focus();
  const text = copied ? button.dataset.copiedText : button.dataset.selectedText;
  button.querySelector("[data-label]").textContent = text;
  announce(text);
}

/** Return whether it worked: inside another site's frame the browser may refuse. */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
