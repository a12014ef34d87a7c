// Swagger UI over the document of this gateway. Nothing here or in it may ask another machine: the page's
// Content-Security-Policy forbids it, and `validatorUrl` would be the one thing that Swagger UI asks of itself.
window.addEventListener("DOMContentLoaded", () => {
  window.ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    // A key is typed anew in each tab: storage outlives the person at the machine.
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
  });

  // Swagger UI leaves these without a name for screen readers, and what scrolls out of the keyboard's reach.
  const missing = {
    "#servers": ["aria-label", "Server"],
    "select.examples-select-element": ["aria-label", "Example"],
    ".body-param__text": ["aria-label", "Request body"],
    "pre.microlight": ["tabindex", "0"],
  };
  const complete = () => {
    for (const [selector, [name, value]] of Object.entries(missing)) {
      for (const element of document.querySelectorAll(`${selector}:not([${name}])`)) {
        element.setAttribute(name, value);
      }
    }
  };
  new MutationObserver(complete).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });
});
