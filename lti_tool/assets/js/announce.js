/** Have a screen reader say `text`, through the one live region that base.html keeps. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region && text) region.textContent = text;
}
