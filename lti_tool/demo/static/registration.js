// The tool's registration page says that it is ready (LTI Dynamic Registration 1.0).
const { origin } = document.querySelector("[data-registration]").dataset;

window.addEventListener("message", event => {
  if (event.origin === origin && event.data?.subject === "org.imsglobal.lti.close") {
    window.location.assign(document.querySelector("[data-done]").href);
  }
});
