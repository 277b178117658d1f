const SETTLE_MS = 120;

/** Show the top of a page that was opened: the platform around us keeps its own place (lti.scrollToTop). */
export function scrollToTop() {
  if (window.parent === window || location.hash) return;
  window.parent.postMessage({ subject: "lti.scrollToTop" }, "*");
}

/** Tell the learning platform around us how tall the page is, now and whenever that changes (lti.frameResize). */
export function reportHeight() {
  if (window.parent === window) return;
  let last = 0;
  let timer;
  const send = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    // A height is no secret, and the platform's origin differs for each of them.
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  };
  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(send, SETTLE_MS);
  }).observe(document.body);
}
