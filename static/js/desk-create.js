// The last choice of a list that one types into makes a new entry: it opens the form of the admin's own "+".
"use strict";
{
  const $ = django.jQuery;

  $(document).on("select2:selecting", "select.admin-autocomplete", (event) => {
    const choice = event.params.args.data;
    if (!choice.create) return;
    event.preventDefault();
    const select = event.target;
    $(select).select2("close");
    const add = document.getElementById(`add_${select.id}`);
    if (!add) return;
    const address = new URL(add.href);
    for (const [name, value] of Object.entries(choice.create)) address.searchParams.set(name, value);
    const link = document.createElement("a");
    link.id = add.id;
    link.href = address.href;
    window.showRelatedObjectPopup(link);
  });
}
