/* The handover is copied as text with y; names are offered behind an @ in a note. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  // --- y copies the whole page as text ---------------------------------------------------------------------------
  const page = one("[data-copy]");
  const say = (words) => {
    const said = one("#said");
    if (!said) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = words;
    said.replaceChildren(toast);
    setTimeout(() => toast.remove(), 4000);
  };
  if (page) addEventListener("keydown", async (event) => {
    if (event.key !== "y" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    try {
      const answer = await fetch(page.dataset.copy);
      if (!answer.ok) return;
      await navigator.clipboard.writeText(await answer.text());
      say(page.dataset.copied);
    } catch { /* Without a clipboard there is the link beside it. */ }
  }, true);

  // --- behind an @ in a note the names of colleagues are offered ------------------------------------------------
  const WAIT = 120;
  const list = document.createElement("div");
  list.className = "names";
  list.id = "names";
  list.setAttribute("role", "listbox");
  let field = null, waiting = 0, asking = null, active = 0;
  const options = () => [...list.children];
  const called = (area) => /(?:^|[\s(,])@([A-Za-z][\w.-]*)$/.exec(area.value.slice(0, area.selectionStart));
  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    list.remove();
    list.replaceChildren();
    field?.removeAttribute("aria-activedescendant");
    field = null;
  };
  const mark = (place) => {
    const found = options();
    active = (place + found.length) % found.length;
    found.forEach((each, at) => each.setAttribute("aria-selected", String(at === active)));
    field.setAttribute("aria-activedescendant", found[active].id);
    found[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (name) => {
    const area = field, found = called(area);
    close();
    if (!found) return;
    const end = area.selectionStart;
    area.setRangeText(`@${name} `, end - found[1].length - 1, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  const offer = async (area) => {
    const found = called(area);
    if (!found) { close(); return; }
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(`${area.dataset.names}?q=${encodeURIComponent(found[1])}`, { signal: mine.signal });
      if (!answer.ok || called(area)?.[1] !== found[1]) return;
      const came = new DOMParser().parseFromString(await answer.text(), "text/html");
      const names = [...came.querySelectorAll("option")].map((each) => each.value).slice(0, 8);
      if (!names.length || (names.length === 1 && names[0] === found[1])) { close(); return; }
      list.replaceChildren(...names.map((name, place) => {
        const option = document.createElement("div");
        option.id = `name-${place}`;
        option.setAttribute("role", "option");
        option.textContent = name;
        return option;
      }));
      field = area;
      field.setAttribute("aria-controls", "names");
      field.before(list);
      mark(0);
    } catch (error) { if (error.name !== "AbortError") close(); }
  };
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea[data-names]")) return;
    clearTimeout(waiting);
    if (!called(area)) { close(); return; }
    waiting = setTimeout(() => offer(area), WAIT);
  });
  document.addEventListener("keydown", (event) => {
    if (!field || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key === "ArrowDown") mark(active + 1);
    else if (key === "ArrowUp") mark(active - 1);
    else if (key === "Enter" || key === "Tab") choose(options()[active].textContent);
    else if (key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("focusout", (event) => { if (event.target === field) setTimeout(() => { if (document.activeElement !== field) close(); }, 150); });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option.textContent); });
})();
