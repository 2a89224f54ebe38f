/* Lists of tickets: groups that fold. Every list works without it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- groups fold, and stay as they were left in this tab -----------------------------------------------------
  const kept = `folded ${location.pathname}`;
  const folded = new Set(JSON.parse(sessionStorage.getItem(kept) || "[]"));
  const fold = (group, closed) => {
    one(".fold", group)?.setAttribute("aria-expanded", String(!closed));
    all("tr[data-number]", group).forEach((row) => { row.hidden = closed; });
  };
  all(".board tbody.group").forEach((group) => fold(group, folded.has(group.dataset.group)));
  document.addEventListener("click", (event) => {
    const group = event.target.closest(".board .fold")?.closest("tbody");
    if (!group) return;
    const name = group.dataset.group;
    if (folded.has(name)) folded.delete(name); else folded.add(name);
    fold(group, folded.has(name));
    sessionStorage.setItem(kept, JSON.stringify([...folded]));
  });

  // --- menus close when one is done with them ------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((each) => { if (!each.contains(event.target)) each.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = one("details.menu[open]");
    if (open) { open.open = false; one("summary", open).focus(); }
  });
})();
