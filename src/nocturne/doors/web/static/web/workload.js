/* Giving by hand: a ticket is dragged onto a name, with all that are ticked. The form below does the same. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = one("#given");
  const owner = form && one("#g-owner", form);
  if (!owner || !matchMedia("(pointer: fine)").matches) return;
  one(".by-drag", form).hidden = false;
  let dragged = null;
  const target = (event) => dragged && event.target.closest?.("tr[data-person]");
  const over = (row) => { for (const each of all("tr.dropping")) if (each !== row) each.classList.remove("dropping"); row?.classList.add("dropping"); };
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("tr[data-number]");
    if (!dragged) return;
    const box = one("[name=number]", dragged);
    if (!box.checked) { for (const each of all("[name=number]", form)) each.checked = false; box.checked = true; }
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", all("[name=number]:checked", form).map((each) => each.value).join(" "));
    document.body.classList.add("giving");
  });
  addEventListener("dragover", (event) => { const row = target(event); over(row); if (row) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; } });
  addEventListener("dragend", () => { dragged = null; over(null); document.body.classList.remove("giving"); });
  addEventListener("drop", (event) => {
    const row = target(event);
    if (!row) return;
    event.preventDefault();
    owner.value = row.dataset.person;
    form.requestSubmit(one("button[value=run]", form));
  });
})();
