// The officers' form: a live count of what it still needs, rows moved up and down, one click on Save.
"use strict";
(function () {
  const form = document.querySelector("#content-main form[method=post]");
  const needs = document.getElementById("needs");
  if (!form) return;

  // One begins to type in what was refused, in a new form in its first field; never on Save.
  const typed = ":is(input:not([type=hidden], [type=submit]), select:not(.admin-autocomplete), textarea)";
  const isNew = form.querySelector("[name=_opened]")?.value === "";
  const places = form.querySelectorAll(`.errors ${typed}${isNew ? `, fieldset ${typed}` : ""}`);
  const first = [...places].filter((one) => one.offsetParent && !one.disabled);
  (first.find((one) => one.closest(".errors")) || first[0])?.focus();

  // What the form still needs is asked a moment after the last change; files stay here.
  let timer, asked;
  function ask() {
    const data = new FormData(form);
    for (const [key, value] of [...data]) if (value instanceof File) data.delete(key);
    asked?.abort();
    asked = new AbortController();
    fetch(needs.dataset.address, { method: "POST", body: data, signal: asked.signal, headers: { "X-Requested-With": "fetch" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
      .then((text) => { if (text !== null) needs.innerHTML = text; })
      .catch(() => {});
  }
  if (needs) form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(ask, 600); });

  // A second click on Save is harmless on the server; here it only waits.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.formTarget === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  addEventListener("pageshow", () => delete form.dataset.sent);

  // Rows with a number of order can be moved with the keys Alt+Up and Alt+Down in that number.
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || !/-position$/.test(box.name || "")) return;
    const row = box.closest("tr");
    const step = event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
    const other = row?.[step];
    if (!other || other.matches(".empty-form, .add-row")) return;
    event.preventDefault();
    step === "previousElementSibling" ? other.before(row) : other.after(row);
    let number = 0;
    for (const one of row.parentElement.querySelectorAll("tr:not(.empty-form) input[name$='-position']")) one.value = ++number;
    box.focus();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
