/* Giving by hand: a ticket is dragged onto a name, with all that are ticked. The form below does the same. While one is
   dragged, the names stand at the foot of the window: the table that has them may be out of sight. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = one("#given");
  const owner = form && one("#g-owner", form);
  if (!owner) return;
  one(".by-drag", form).hidden = matchMedia("(pointer: coarse)").matches;
  let dragged = null;
  const bar = document.createElement("div");
  bar.className = "names-bar";
  bar.setAttribute("aria-hidden", "true");
  for (const row of all("tr[data-person]")) {
    const name = document.createElement("span");
    name.dataset.person = row.dataset.person;
    name.textContent = row.dataset.title;
    const count = document.createElement("b");
    count.textContent = one("b.num", row)?.textContent || "";
    name.append(" ", count);
    bar.append(name);
  }
  const end = () => { dragged = null; over(null); document.body.classList.remove("giving"); bar.remove(); };
  const target = (event) => dragged && event.target.closest?.("[data-person]");
  const over = (place) => { for (const each of all(".dropping")) if (each !== place) each.classList.remove("dropping"); place?.classList.add("dropping"); };
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("tr[data-number]");
    if (!dragged) return;
    const box = one("[name=number]", dragged);
    if (!box.checked) { for (const each of all("[name=number]", form)) each.checked = false; box.checked = true; }
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", all("[name=number]:checked", form).map((each) => each.value).join(" "));
    setTimeout(() => { if (dragged) { document.body.classList.add("giving"); document.body.append(bar); } }, 0);
  });
  addEventListener("dragover", (event) => { const place = target(event); over(place); if (place) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; } });
  addEventListener("dragend", end);
  addEventListener("drop", (event) => {
    const place = target(event);
    if (!place) return;
    event.preventDefault();
    owner.value = place.dataset.person;
    end();
    form.requestSubmit(one("button[value=run]", form));
  });
})();
