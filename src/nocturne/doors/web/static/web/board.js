/* Lists of tickets: groups that fold, rows that are repainted where they stand, what is new, what was seen.
   Nothing moves under the cursor: a cell changes in place, a ticket that leaves stays where it is, grey; new ones are
   counted, and come in when somebody asks for them, or when pointer and keyboard have rested. Every list works without. */
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

  // What arranges a list comes when its menu is opened for the first time.
  document.addEventListener("toggle", async ({ target }) => {
    const link = target.matches?.("details.menu") && target.open && one("[data-arranging]", target);
    if (!link) return;
    link.setAttribute("aria-busy", "true");
    const answer = await fetch(link.href).catch(() => null);
    link.removeAttribute("aria-busy");
    if (!answer?.ok || answer.redirected) return;
    const form = one(".menu .arranging", new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (form && link.isConnected) link.parentElement.replaceWith(document.adoptNode(form));
  }, true);

  // --- rows are repainted where they stand -----------------------------------------------------------------------
  const news = one("#changed[data-rows]");
  const wall = document.body.classList.contains("wall");
  const shown = () => all(".board tr[data-number]");
  const numbers = () => shown().map((row) => row.dataset.number);
  const editing = () => one(".board td.editing");
  const OURS = ["ringing", "is-new", "is-changed", "is-gone"];
  const repaint = (row, fresh) => {
    const before = [...row.cells], after = [...fresh.cells];
    if (before.length !== after.length) return;
    before.forEach((cell, place) => {
      if (cell.matches(".editing") || cell.contains(document.activeElement) && cell.matches(":has(form)")) return;
      const now = after[place];
      if (cell.innerHTML !== now.innerHTML) {
        const held = cell.contains(document.activeElement);
        cell.innerHTML = now.innerHTML;
        if (held) one("a", cell)?.focus({ preventScroll: true });
      }
      cell.classList.toggle("changed", now.matches(".changed"));
    });
    row.dataset.marks = fresh.dataset.marks;
    for (const name of OURS) row.classList.toggle(name, fresh.classList.contains(name));
  };
  const address = (asked) => {
    const at = new URL(news.dataset.rows, location.href);
    for (const [name, value] of new URLSearchParams(location.search)) if (name !== "after") at.searchParams.append(name, value);
    at.searchParams.set("columns", one("#look [name=columns]")?.value || all(".board th[data-col]").map((each) => each.dataset.col).join());
    for (const [name, value] of Object.entries(asked)) at.searchParams.set(name, value);
    return at;
  };
  const isFirst = () => !new URLSearchParams(location.search).has("after");
  const ask = async (wanted, { withNew = true, mark = "" } = {}) => {
    if (!one(".list > :is(.board, .empty)")) return;
    const asked = { n: wanted.join() };
    if (withNew && isFirst()) asked.known = numbers().join();
    if (mark) asked.mark = mark;
    const answer = await fetch(address(asked), { headers: { "X-Piece": "rows" } }).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const came = one("table", new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!came) return;
    if (came.dataset.mark) news.dataset.mark = came.dataset.mark;
    const found = new Map(all("tr[data-number]", came).map((row) => [row.dataset.number, row]));
    for (const number of wanted) {
      const row = document.getElementById(`row-${number}`), fresh = found.get(number);
      if (row && fresh) repaint(row, fresh);
      else if (row) gone(row);
    }
    if (withNew && isFirst()) announce(Number(came.dataset.fresh), came.dataset.says);
    document.dispatchEvent(new CustomEvent("nocturne:repainted", { detail: { numbers: wanted } }));
  };
  // What this reader may not know of any more leaves nothing behind but its place.
  const gone = (row) => {
    row.classList.add("is-gone");
    for (const cell of row.cells) if (!cell.matches(".c-n")) cell.replaceChildren();
  };
  let fresh = 0, moved = false, words = "";
  const announce = (count, says) => {
    fresh = count;
    words = count ? says : "";
    tell();
  };
  const tell = () => {
    const text = words || (moved ? news.dataset.moved : "");
    if (!text) { news.replaceChildren(); return; }
    if (one(".fresh", news)?.dataset.text === text) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fresh";
    button.dataset.text = text;
    button.setAttribute("aria-keyshortcuts", ".");
    const key = document.createElement("kbd");
    key.textContent = ".";
    button.append(`${text} `, key);
    button.addEventListener("click", () => takeIn({ asked: true }));
    news.replaceChildren(button);
  };

  // --- new ones are taken in --------------------------------------------------------------------------------------
  const PARTS = [".board", ".more", ".empty", ".asked-how", ".alarms", "#look", ".tiers", ".chip.found"];
  let taking = false;
  const takeIn = async ({ asked = false } = {}) => {
    if (taking || editing()) return;
    taking = true;
    const answer = await fetch(location.href, { headers: { "X-Piece": "list" } }).catch(() => null);
    taking = false;
    if (!answer?.ok || editing()) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked) await seen();
    swap(next);
  };
  // The parts of a list take the place of those before them; where one stood, one stands.
  const swap = (next) => {
    const list = one(".list"), came = one(".list", next);
    if (!list || !came) return;
    const chosen = window.Nocturne?.row()?.dataset.number;
    const top = list.scrollTop, held = document.activeElement?.closest?.(".board tr")?.dataset.number;
    for (const part of PARTS) {
      const old = one(part, list), now = one(part, came);
      if (old && now) old.replaceWith(now);
      else if (old) old.remove();
      else if (now && part === ".chip.found") one("#title", list).after(now);
      else if (now && part === ".alarms") one(".head", list).after(now);
      else if (now) list.append(now);
    }
    list.scrollTop = top;
    all(".board tbody.group").forEach((group) => fold(group, folded.has(group.dataset.group)));
    fresh = 0; moved = false; words = "";
    if (news) { news.dataset.mark = one("#changed", next)?.dataset.mark || news.dataset.mark; tell(); }
    const row = document.getElementById(`row-${chosen}`);
    if (row) window.Nocturne?.choose(row, { focus: Boolean(held), peek: false });
    document.dispatchEvent(new CustomEvent("nocturne:taken-in"));
  };

  // --- what was seen ----------------------------------------------------------------------------------------------
  const opened = Date.now();
  let looked = false;
  const seen = ({ last = false } = {}) => {
    const form = one("#look");
    if (!form || !isFirst()) return Promise.resolve();
    const body = new FormData(form);
    body.set("rows", shown().filter((row) => !row.matches(".is-gone")).map((row) => `${row.dataset.number}:${row.dataset.marks}`).join());
    looked = true;
    return fetch(form.action, { method: "POST", body, keepalive: last, headers: { "X-Piece": "look" } }).catch(() => {});
  };
  addEventListener("pagehide", () => { if (!wall && !looked && Date.now() - opened > 1500 && !document.hidden) seen({ last: true }); });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "look" || wall) return;
    event.preventDefault();
    takeIn({ asked: true });
  });

  window.NocturneList = { swap, takeIn };

  // --- hearing of changes -----------------------------------------------------------------------------------------
  if (!news || wall) return;
  const dirty = new Set();
  let elsewhere = false, waiting = 0, quiet = Date.now();
  const later = () => {
    if (waiting) return;
    const at = window.nocturneLive?.soon || ((run) => setTimeout(run, 200));
    waiting = setTimeout(() => at(async () => {
      waiting = 0;
      const wanted = [...dirty], withNew = elsewhere || wanted.length > 0;
      dirty.clear();
      elsewhere = false;
      await ask(wanted, { withNew });
    }), 120);
  };
  document.addEventListener("nocturne:changed", ({ detail }) => {
    const here = new Set(numbers());
    for (const number of [...detail.tickets.map((each) => each.number), ...detail.gone].map(String)) {
      if (here.has(number)) { dirty.add(number); moved = true; } else elsewhere = true;
    }
    later();
  });
  const everything = () => ask(numbers(), { mark: news.dataset.mark });
  document.addEventListener("nocturne:anew", everything);
  setInterval(() => { if (!document.hidden && !window.nocturneLive?.isLive() && !window.nocturneLive?.isAway()) everything(); }, 1500);
  setInterval(() => { if (!document.hidden && window.nocturneLive?.isLive()) everything(); }, 60000);

  // Where pointer and keyboard rest, and nothing is being typed or marked, the list comes up to date by itself.
  const REST = Number(document.body.dataset.rest || 20000);
  for (const what of ["pointermove", "pointerdown", "keydown", "wheel", "focusin"]) addEventListener(what, () => { quiet = Date.now(); }, { passive: true, capture: true });
  setInterval(() => {
    const busy = editing() || String(getSelection()) || document.activeElement?.matches("input, textarea, select") || one("details[open]");
    if ((fresh || moved) && !busy && !document.hidden && Date.now() - quiet > REST) takeIn();
  }, 2000);

  // --- a column is added to the order: Shift with a click, or with Enter, on its heading ---------------------------
  document.addEventListener("click", (event) => {
    const heading = event.target.closest?.(".board thead a[data-also]");
    if (!heading || !event.shiftKey) return;
    event.preventDefault();
    const address = new URL(heading.href);
    address.searchParams.set("order", heading.dataset.also);
    location.assign(address);
  });
})();
