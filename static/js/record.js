// The page of record: further empty lines, the focus where something is refused, one click on Save.
"use strict";
(function () {
  const form = document.getElementById("record_form");
  if (!form) return;
  form.querySelector(".errors :is(textarea, input:not([type=hidden]), select)")?.focus();

  const words = document.getElementById("record-more").innerHTML;
  for (const group of form.querySelectorAll(".record-new")) {
    const more = document.createElement("button");
    more.type = "button";
    more.textContent = words;
    more.addEventListener("click", () => {
      const last = [...group.querySelectorAll(".record-line")].pop();
      const next = last.cloneNode(true);
      next.querySelectorAll(".errorlist, .record-meanwhile").forEach((one) => one.remove());
      for (const one of next.querySelectorAll("[name], [id], [for]")) {
        for (const key of ["name", "id", "for", "aria-describedby"]) {
          const value = one.getAttribute(key);
          if (value) one.setAttribute(key, value.replace(/(new-\d+-[da]-)(\d+)/, (_all, start, number) => start + (Number(number) + 1)));
        }
        if (one.matches("textarea, input, select")) one.value = "";
      }
      last.after(next);
      next.querySelector("textarea").focus();
    });
    group.append(more);
    // Opened, it is to be typed into.
    group.addEventListener("toggle", () => { if (group.open) group.querySelector("textarea").focus({ preventScroll: true }); });
  }

  // A second click on Save is harmless on the server; here it only waits.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
})();
