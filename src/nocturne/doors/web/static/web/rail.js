/* The rail: how full the pinned views are, where something is new, and their order. The page /views does all of it too. */
(() => {
  "use strict";
  const pins = document.querySelector("#pins");
  if (!pins) return;
  const links = () => [...pins.querySelectorAll("a[data-view]")];

  // --- counts ---------------------------------------------------------------------------------------------------
  const EVERY = 10000;
  let last = 0, waiting = 0;
  const paint = (found) => {
    for (const link of links()) {
      const told = found[link.dataset.view];
      if (!told) continue;
      const count = link.querySelector(".count");
      if (count.textContent !== told.count) count.textContent = told.count;
      link.classList.toggle("fresh-in", told.new && !link.hasAttribute("aria-current"));
      link.querySelector(".name").title = told.new ? pins.dataset.fresh : "";
    }
  };
  const ask = async () => {
    waiting = 0;
    if (document.hidden) return;
    last = Date.now();
    const answer = await fetch(pins.dataset.counts, { headers: { "X-Piece": "rail" } }).catch(() => null);
    if (answer?.ok) paint(await answer.json());
  };
  const later = () => { if (!waiting) waiting = setTimeout(ask, Math.max(400, last + EVERY - Date.now()) + Math.random() * 600); };
  document.addEventListener("nocturne:mark", later);
  document.addEventListener("nocturne:anew", later);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) later(); });
  setInterval(() => { if (!window.nocturneLive?.isLive()) later(); }, 60000);
  setTimeout(ask, 300);

  // --- order: by dragging, or Alt with the arrows -----------------------------------------------------------------
  const keep = () => {
    const body = new FormData();
    body.set("pins", links().map((each) => each.dataset.view).join());
    body.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "");
    fetch(pins.dataset.arrange, { method: "POST", body, headers: { "X-Piece": "pins" } }).catch(() => {});
  };
  let dragged = null;
  const prepare = () => links().forEach((each) => { each.draggable = true; });
  pins.addEventListener("dragstart", (event) => { dragged = event.target.closest("a[data-view]"); dragged?.classList.add("dragged"); });
  pins.addEventListener("dragover", (event) => {
    const over = event.target.closest("a[data-view]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const list = links();
    if (list.indexOf(over) > list.indexOf(dragged)) over.after(dragged); else over.before(dragged);
  });
  pins.addEventListener("drop", (event) => event.preventDefault());
  pins.addEventListener("dragend", () => { dragged?.classList.remove("dragged"); if (dragged) keep(); dragged = null; });
  pins.addEventListener("keydown", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const list = links(), to = list[list.indexOf(link) + (event.key === "ArrowUp" ? -1 : 1)];
    if (!to) return;
    if (event.key === "ArrowUp") to.before(link); else to.after(link);
    link.focus();
    keep();
  });
  prepare();
})();
