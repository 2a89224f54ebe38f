/* The hands: chosen rows and what is done on them, letters on a row, the list of keys, the state line, side by side. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const house = window.Nocturne;
  const meta = one("meta[name=keys]");
  if (!house || !meta) return;
  const nouns = JSON.parse(meta.dataset.nouns || "{}");
  const line = one("#line");

  // --- rows are chosen with x, ranges with Shift ----------------------------------------------------------------
  const bar = one("#chosen");
  const chosen = new Set(JSON.parse(sessionStorage.getItem(`marks ${location.pathname}${location.search}`) || "[]"));
  let last = null;
  const rows = () => all(".board tr[data-number]");
  const paint = () => {
    for (const row of rows()) {
      const is = chosen.has(row.dataset.number);
      row.classList.toggle("marked", is);
    }
    if (!bar) return;
    const count = chosen.size;
    bar.hidden = count === 0;
    one("[data-count]", bar).textContent = count === 1 ? bar.dataset.one : bar.dataset.many.replace("N", count);
    one("input[name=numbers]", bar).value = [...chosen].join();
    sessionStorage.setItem(`marks ${location.pathname}${location.search}`, JSON.stringify([...chosen]));
  };
  const mark = (row, range) => {
    if (!row || !bar) return false;
    const list = rows(), from = range && last ? list.indexOf(list.find((each) => each.dataset.number === last)) : -1;
    const to = list.indexOf(row);
    if (from >= 0) for (const each of list.slice(Math.min(from, to), Math.max(from, to) + 1)) chosen.add(each.dataset.number);
    else if (chosen.has(row.dataset.number)) chosen.delete(row.dataset.number);
    else chosen.add(row.dataset.number);
    last = row.dataset.number;
    paint();
    return true;
  };
  const none = () => { chosen.clear(); last = null; paint(); };
  house.keys.x = () => mark(house.row());
  house.keys.X = () => mark(house.row(), true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-none]")) { none(); return; }
    const row = event.target.closest(".board tr[data-number]");
    if (row && (event.shiftKey || event.ctrlKey || event.metaKey) && !event.target.closest("a, button, input, select")) {
      event.preventDefault();
      mark(row, event.shiftKey);
    }
  }, true);
  document.addEventListener("mousedown", (event) => { if (event.shiftKey && event.target.closest(".board tr")) event.preventDefault(); });
  bar?.addEventListener("submit", () => setTimeout(none, 0));

  // --- letters on the chosen row: its form opens beside the list, or on its own page ---------------------------------
  const AIMS = { a: "b-owner", p: "b-priority", s: "b-state", w: "b-clock", e: "b-state", u: "b-next", n: "b-text", t: "b-owner" };
  const together = (key) => {
    if (!chosen.size || !bar || !AIMS[key]) return false;
    bar.action = `${bar.dataset.action}#${AIMS[key]}`;
    bar.requestSubmit();
    return true;
  };
  const address = (number, noun) => one(`#row-${number} td.c-what a`)?.pathname + `/${noun}`;
  for (const [key, noun] of Object.entries(nouns)) {
    const before = house.keys[key];
    house.keys[key] = () => {
      if (together(key)) return true;
      const row = house.row();
      const pane = one("#peek");
      const isBeside = pane && getComputedStyle(pane).display !== "none" && one("#chart", pane)?.dataset.number === row?.dataset.number;
      if (!row || isBeside || !one(".board")) return before ? before() : house.press(house.marked(key));
      if (pane && getComputedStyle(pane).display !== "none") {
        // It is on its way: what was pressed waits for it.
        const once = (event) => { if (event.detail.target === pane) { pane.removeEventListener("htmx:afterSettle", once); house.press(house.marked(key)); } };
        pane.addEventListener("htmx:afterSettle", once);
        house.look(row);
        return true;
      }
      location.assign(address(row.dataset.number, noun));
      return true;
    };
  }
  house.keys.s = () => {
    if (together("s")) return true;
    const number = one(".pane-on #chart, #chart")?.dataset.number || house.row()?.dataset.number;
    if (!number || !line) return false;
    line.value = `${number} state:`;
    line.focus();
    line.setSelectionRange(line.value.length, line.value.length);
    line.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };

  // --- the list of keys, over whatever is on the screen ----------------------------------------------------------------
  const sheet = one("#keys-sheet");
  house.keys["?"] = () => {
    if (!sheet || one(".key-sheet")) return house.press(house.marked("?"));
    if (sheet.open) { sheet.close(); return true; }
    fetch(sheet.dataset.from, { headers: { "X-Piece": "keys" } }).then(async (answer) => {
      if (!answer.ok) { location.assign(sheet.dataset.from); return; }
      const came = new DOMParser().parseFromString(await answer.text(), "text/html");
      one("[data-body]", sheet).replaceChildren(...came.body.childNodes);
      sheet.show();
      sheet.focus();
    }).catch(() => location.assign(sheet.dataset.from));
    return true;
  };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && sheet?.open) { event.stopPropagation(); sheet.close(); } }, true);
  document.addEventListener("click", (event) => { if (sheet?.open && !sheet.contains(event.target)) sheet.close(); });

  // --- side by side -----------------------------------------------------------------------------------------------------
  const panes = () => all("iframe[data-pane]");
  const inPane = window.parent !== window && document.body.classList.contains("pane-page");
  const turn = () => {
    const list = panes();
    const at = list.findIndex((each) => each.classList.contains("on"));
    const to = list[(at + 1) % list.length];
    for (const each of list) each.classList.toggle("on", each === to);
    const tab = one(`input[data-tab="${to.dataset.pane}"]`);
    if (tab) tab.checked = true;
    to.contentWindow.focus();
    return true;
  };
  for (const each of panes()) {
    // Whichever is worked in is the one that has the keys.
    each.addEventListener("load", () => each.contentWindow.addEventListener("focus", () => { for (const pane of panes()) pane.classList.toggle("on", pane === each); }));
  }
  document.addEventListener("nocturne:turn", () => { if (panes().length) turn(); });
  addEventListener("message", (event) => {
    if (event.origin !== location.origin) return;
    if (event.data?.quote) {
      const to = panes().find((each) => each.contentWindow !== event.source);
      to?.contentWindow.postMessage({ quoted: event.data.quote }, location.origin);
      if (to) { for (const each of panes()) each.classList.toggle("on", each === to); to.contentWindow.focus(); }
    }
    if (event.data?.quoted && inPane) {
      const note = one("#note-text");
      if (!note) return;
      note.value = `${note.value.trimEnd()}${note.value.trim() ? "\n\n" : ""}${event.data.quoted}\n`;
      note.dispatchEvent(new Event("input", { bubbles: true }));
      note.focus();
      note.setSelectionRange(note.value.length, note.value.length);
    }
  });
  const quotable = () => one("#entries article:focus-within") || one("#entries article:hover") || one("#entries article:target") || all("#entries article").pop();
  const headed = (header) => {
    const copy = header?.cloneNode(true);
    copy?.querySelectorAll(".perma").forEach((each) => each.remove());
    return copy?.textContent.replace(/\s+/g, " ").trim() || "";
  };
  house.keys.q = () => {
    const entry = quotable();
    if (!inPane || !entry) return false;
    const said = String(getSelection()).trim() || one(".text", entry)?.innerText.trim() || headed(one("header", entry));
    const words = `> ${said.replace(/\n/g, "\n> ")}\n${one("#chart").dataset.number} ${location.origin}${location.pathname}#${entry.id}`;
    window.parent.postMessage({ quote: words }, location.origin);
    return true;
  };
  const beside = () => {
    // At once, not by a message: the next key already belongs to the other one.
    if (inPane) { window.parent.document.dispatchEvent(new Event("nocturne:turn")); return true; }
    if (panes().length) return turn();
    const row = house.row()?.dataset.number, open = one("#chart")?.dataset.number;
    const looked = JSON.parse(sessionStorage.getItem("looked") || "[]");
    const here = one(".board") ? row : open;
    const there = looked.find((each) => each !== here);
    if (!here || !there) return false;
    location.assign(meta.dataset.beside.replace("1|2", one(".board") ? `${there}|${here}` : `${here}|${there}`));
    return true;
  };
  house.keys["|"] = beside;
  document.addEventListener("keydown", (event) => { if (event.key === "F6" && (inPane || panes().length)) { event.preventDefault(); beside(); } });
  if (panes().length) one("iframe[data-pane].on")?.focus();

  const aimed = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (aimed?.matches("input, select, textarea")) aimed.focus();
  paint();
  new MutationObserver(() => paint()).observe(one(".list") || document.createElement("i"), { childList: true, subtree: true });

  // --- among many choices, those that hold what is typed; what is chosen always stays in sight ------------------------
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-sift]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const label of all("label.pick", event.target.closest("fieldset"))) label.hidden = !!wanted && !one("input", label).checked && !label.textContent.toLowerCase().includes(wanted);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches?.("[data-sift]")) event.preventDefault(); });
})();
