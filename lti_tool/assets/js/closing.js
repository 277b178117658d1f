/** Give the window back to the learning platform that opened it (LTI Dynamic Registration 1.0, section 3.7). */
const platform = window.opener ?? (window.parent === window ? null : window.parent);
const button = document.querySelector("button[data-closes-registration]");

if (platform && button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    // The message is no secret, and the platform's origin is not always its issuer's.
    platform.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  });
}
