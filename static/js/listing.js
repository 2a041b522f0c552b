/* What htmx leaves to the page when a list changes in place: a short address, what the reader had
   opened, where the focus was, and that the new count is read out.

   Without JavaScript the form and its links load whole pages, and nothing is lost. */

"use strict";

(() => {
  // Outside the form, these hold the address of the page.
  const AROUND = ["link[rel=alternate]", "link[rel=canonical]", ".masthead .lang", ".printed"];
  let before = null;

  const byId = (id) => id && document.getElementById(id);

  function announce() {
    byId("announced").textContent = byId("count").textContent;
  }

  function renewAround(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const selector of AROUND) {
      const fresh = page.querySelectorAll(selector);
      document.querySelectorAll(selector).forEach((part, at) => fresh[at] && part.replaceWith(fresh[at]));
    }
  }

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    for (const field of document.querySelectorAll("#browse [data-usual]")) {
      if (detail.formData.get(field.name) === field.dataset.usual) detail.formData.delete(field.name);
    }
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.shouldSwap) return;
    const open = document.querySelectorAll("#browse details[open]");
    before = { open: Array.from(open, (details) => details.id), focus: document.activeElement.id };
    renewAround(detail.serverResponse);
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!before) return;
    for (const id of before.open) byId(id)?.setAttribute("open", "");
    const same = byId(before.focus);
    before = null;
    if (same && !same.disabled) {
      if (same !== document.activeElement) same.focus({ preventScroll: true });
      announce();
    } else {
      // What was used is gone, a chip for one. A focused heading is read out by itself.
      byId("count").focus();
    }
  });

  // Back and forward: the whole page was exchanged, so its status line is new and needs a moment.
  document.addEventListener("htmx:historyRestore", () => setTimeout(announce, 100));

  // Where there is no answer to show, the browser says so in its own way.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
  }
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
})();
