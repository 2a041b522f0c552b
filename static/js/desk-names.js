// Names the lists that one types into, for who hears the page: what the field is called, and what is chosen.
"use strict";
{
  const $ = django.jQuery;
  const called = (select) => (select.labels[0]?.textContent || select.ariaLabel || "").trim().replace(/[:：]$/, "");

  function name(select) {
    const box = select.nextElementSibling;
    if (!box?.matches(".select2")) return;
    const chosen = [...select.selectedOptions].map((one) => one.text).filter(Boolean).join(", ");
    const shown = box.querySelector(".select2-selection__rendered");
    shown.setAttribute("aria-label", chosen ? `${called(select)}: ${chosen}` : called(select));
    const typed = box.querySelector(".select2-search__field");
    if (typed) typed.setAttribute("aria-label", called(select));
    if (typed) box.querySelector(".select2-selection").setAttribute("aria-label", called(select));
  }

  const nameAll = (within) => within.querySelectorAll("select.admin-autocomplete").forEach(name);
  addEventListener("load", () => nameAll(document));
  document.addEventListener("formset:added", (event) => nameAll(event.target));
  $(document).on("change", "select.admin-autocomplete", (event) => name(event.target));
  $(document).on("select2:open", "select.admin-autocomplete", (event) => {
    document.querySelector(".select2-dropdown .select2-search__field")?.setAttribute("aria-label", called(event.target));
  });
}
