/* The console's own script: keys, drafts, times that go on. Every page works without it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const phrase = (name) => one(`meta[name=${name}]`)?.content || "";
  const live = (html, region = one("#said")) => { if (region) region.replaceChildren(html); };

  // A refusal is an answer like any other: its form comes back with what was typed and what is wrong.
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(04|09|13|22|29)|503", swap: true },
    { code: "...", swap: false, error: true },
  ];

  // --- saying something ---------------------------------------------------------------------------------------
  const say = (words) => {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = words;
    live(toast);
    settle();
  };
  let fading = 0;
  const settle = () => {
    clearTimeout(fading);
    clearInterval(settle.counting);
    const toast = one("#said .toast");
    if (!toast) return;
    let left = Number(toast.dataset.seconds || 0);
    const words = one("span", toast);
    if (left && words) {
      settle.counting = setInterval(() => {
        left -= 1;
        if (left <= 0) { clearInterval(settle.counting); live(""); return; }
        words.textContent = words.textContent.replace(/\d+(?= s\.)/, String(left));
      }, 1000);
      return;
    }
    fading = setTimeout(() => { if (!toast.matches(":hover, :focus-within")) live(""); else settle(); }, "warns" in toast.dataset ? 30000 : 8000);
  };

  // --- moving in a list ---------------------------------------------------------------------------------------
  const rows = () => all(".board tr[data-number]").filter((each) => !each.hidden);
  let chosen = null;
  let asking = null;
  const beside = () => {
    const pane = one("#peek");
    return pane && getComputedStyle(pane).display !== "none" ? pane : null;
  };
  const choose = (row, { focus = true, peek = true } = {}) => {
    if (!row) return;
    chosen?.classList.remove("on");
    chosen = row;
    row.classList.add("on");
    const link = one("td.c-what a", row);
    if (focus) link?.focus({ preventScroll: true });
    if (focus) row.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem("chosen", row.dataset.number);
    clearTimeout(asking);
    if (peek && beside()) asking = setTimeout(() => look(row), focus ? 130 : 0);
  };
  const look = (row) => {
    const pane = beside();
    const link = one("td.c-what a", row);
    if (!pane || !link || pane.dataset.number === row.dataset.number) return;
    if (pane.contains(document.activeElement)) return;
    keepDrafts(pane);
    pane.dataset.number = row.dataset.number;
    htmx.ajax("GET", `${link.pathname}/peek`, { target: pane, swap: "innerHTML" });
  };
  const move = (step) => {
    const list = rows();
    const at = list.indexOf(chosen);
    choose(list[Math.min(Math.max(at + step, 0), list.length - 1)]);
  };

  // --- keys: bare letters open, none acts ---------------------------------------------------------------------
  const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const marked = (key) => all(`[aria-keyshortcuts~="${CSS.escape(key)}"]`).find((each) => each.offsetParent !== null);
  const press = (element) => {
    if (!element) return false;
    if (element.matches("input, textarea")) { element.focus(); element.scrollIntoView({ block: "nearest" }); } else element.click();
    return true;
  };
  let before = "";
  let since = 0;
  const copied = (count) => {
    const chart = one("#chart");
    const number = chart?.dataset.number || chosen?.dataset.number;
    if (!number) return;
    const subject = chart?.dataset.subject || one("td.c-what a", chosen)?.textContent || "";
    const address = new URL(one("#chart h1 a, td.c-what a", chart || chosen)?.href || location.href);
    const parts = [number, subject, address.origin + address.pathname].slice(0, count);
    navigator.clipboard?.writeText(parts.join(" ")).then(() => say(parts.join(" ")), () => {});
  };
  const neighbour = async (step) => {
    let list = JSON.parse(sessionStorage.getItem("list") || "[]");
    const here = one("#chart")?.dataset.number;
    const further = sessionStorage.getItem("further");
    if (here && step > 0 && list.at(-1) === here && further) {  // the view goes on behind its page
      const answer = await fetch(further, { headers: { "X-Piece": "list" } }).catch(() => null);
      const next = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      if (next) {
        list = [...list, ...all(".board tr[data-number]:not(.is-gone)", next).map((each) => each.dataset.number)];
        sessionStorage.setItem("list", JSON.stringify(list));
        sessionStorage.setItem("further", one("a[data-further]", next)?.getAttribute("href") || "");
      }
    }
    const to = list[list.indexOf(here) + step];
    if (here && list.includes(here) && to) location.assign(location.pathname.replace(/\d+$/, to));
  };
  // Enter never sends what others read: it is Ctrl-Enter or the button.
  const stays = ":is(form[data-draft], .entry-acts form) input:not([type=file])";

  // --- a form is opened: what is typed before it is there goes into it -----------------------------------------
  let opening = null;
  const openAct = (address) => {
    keepDrafts(one("#act"));
    const held = { keys: [] };
    opening = held;
    const done = () => { if (opening === held) opening = null; };
    htmx.ajax("GET", address, { target: "#act", swap: "innerHTML" }).then(done, done);
    setTimeout(done, 8000);
  };
  const hold = (event) => {
    const { key } = event;
    const orders = !event.getModifierState("AltGraph") && (event.ctrlKey || event.metaKey);
    if (key === "Escape") { opening = null; return false; }
    const sends = key === "Enter" && orders;
    if (orders && !sends) return false;
    if (key.length > 1 && !["Enter", "Backspace", "Tab"].includes(key)) return false;
    opening.keys.push(sends ? "send" : key === "Tab" && event.shiftKey ? "back" : key);
    return true;
  };
  const replay = (form) => {
    const held = opening?.keys || [];
    opening = null;
    for (const key of held) {
      const field = document.activeElement;
      const writes = form.contains(field) && field.matches("textarea, input:not([type=checkbox], [type=file])");
      if (key === "send") form.requestSubmit();
      else if (key === "Tab" || key === "back") {
        const fields = all("input:not([type=hidden]), select, textarea, button, a[href]", form);
        fields[fields.indexOf(field) + (key === "Tab" ? 1 : -1)]?.focus();
      } else if (key === "Backspace") { if (writes) field.value = field.value.slice(0, -1); }
      else if (key === "Enter") { if (field.matches("textarea")) field.value += "\n"; }
      else if (writes) field.value += key;
      else if (key === " " && field.matches("[type=checkbox]")) field.click();
      else if (field.matches("select")) {
        const fits = [...field.options].find((each) => each.text.toLowerCase().startsWith(key.toLowerCase()));
        if (fits) field.value = fits.value;
      }
    }
    if (held.length) document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    " ": () => { if (!chosen || !beside()) return false; look(chosen); one("#peek")?.focus(); },
    Enter: () => { if (!chosen || document.activeElement !== document.body) return false; one("td.c-what a", chosen).click(); },
    "[": () => neighbour(-1),
    "]": () => neighbour(1),
    s: () => { const act = one(".acts a[href$='/resolution'], .acts a[href$='/reopening'], .acts a"); if (!act) return false; act.focus(); },
  };
  // Whoever does not want bare letters has them with Alt, or not at all; Enter and its like stay.
  const how = one("meta[name=keys]")?.content || "bare";
  const SIGNS = { Slash: ["/", "?"], Period: [".", ">"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"], Backslash: ["\\", "|"], Space: [" ", " "] };
  const lettered = (event) => {
    const { key, code } = event;
    if (key.length > 1) return event.altKey ? "" : key;
    if (how === "bare") return event.altKey ? "" : key;
    if (how === "off" || !event.altKey) return "";
    if (code.startsWith("Key")) return event.shiftKey ? code.slice(3) : code.slice(3).toLowerCase();
    return SIGNS[code]?.[event.shiftKey ? 1 : 0] || key;
  };
  document.addEventListener("keydown", (event) => {
    const { key: pressed, target } = event;
    if (pressed === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (opening && !typing(target)) { hold(event); event.preventDefault(); return; }
      const form = target.closest?.("form.compose, form.act, .entry-acts form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (opening && !typing(target)) { if (hold(event)) event.preventDefault(); return; }
    if (pressed === "Enter" && !event.isComposing && target.matches?.(stays)) {
      event.preventDefault();
      if (!one("#said form")) say(phrase("enter"));
      return;
    }
    if (pressed === "F1") { if (explain(target)) event.preventDefault(); return; }
    if (pressed === "Escape") { leave(target); return; }
    if (pressed.toLowerCase() === "k" && event.ctrlKey) { if (press(one("#line"))) { event.preventDefault(); one("#line").dispatchEvent(new Event("palette")); } return; }
    if (event.ctrlKey || event.metaKey || typing(target)) return;
    const key = lettered(event);
    if (!key) return;
    const soon = event.timeStamp - since < 900;
    if (key === "y") {
      const count = soon && /^y+$/.test(before) ? before.length + 1 : 1;
      before = "y".repeat(Math.min(count, 3)); since = event.timeStamp;
      copied(Math.min(count, 3));
      return;
    }
    if (soon && before === "g" && press(one(`[data-go="${CSS.escape(key)}"]`))) { before = ""; event.preventDefault(); return; }
    if (soon && before === "g" && key !== "g" && one("[data-go]")) { before = ""; say(phrase("nowhere")); event.preventDefault(); return; }
    before = key; since = event.timeStamp;
    if (key === "g") return;
    const own = keys[key];
    if (own) { if (own() !== false) event.preventDefault(); return; }
    if (key.length === 1 && press(marked(key))) event.preventDefault();
  });
  // What other scripts of the console hold on to.
  window.Nocturne = { keys, press, marked, look, say, choose, row: () => chosen };
  const explain = (target) => {
    const help = one("details.help", target.closest?.(".field, fieldset") || document.createElement("i"));
    if (help) help.open = !help.open;
    return Boolean(help);
  };
  const leave = (target) => {
    const form = target.closest?.("#act");
    if (form && form.closest(".stream, .beside")) { keepDrafts(form); form.replaceChildren(); (one("#note-text") || document.body).blur?.(); document.activeElement?.blur(); }
    else if (typing(target)) target.blur();
    all("details.me[open]").forEach((each) => { each.open = false; });
  };
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    const panel = close?.closest(".stream #act, .beside #act");
    if (panel) { event.preventDefault(); keepDrafts(panel); panel.replaceChildren(); return; }
    const opens = event.target.closest(".acts a, .next a, .perma, .compose .tab, .entry-acts .tab, .toast a");
    if (opens && one("#act") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openAct(opens.getAttribute("href"));
      return;
    }
    const row = event.target.closest(".board tr[data-number]");
    if (row && !event.target.closest("a, button") && !String(getSelection())) choose(row);
    all("details.me[open]").forEach((each) => { if (!each.contains(event.target)) each.open = false; });
  });

  // --- drafts: what is typed is kept on the server while one pauses -------------------------------------------
  const waiting = new Map();
  const unkept = new Set();
  const place = (form) => one("input[name=place]", form)?.value;
  const draftsAt = () => phrase("drafts");
  const keepDraft = (form, { last = false } = {}) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const note = one(".kept", form);
    return fetch(draftsAt(), { method: "POST", body, headers: { "X-Piece": "draft" }, keepalive: last })
      .then((answer) => { unkept.delete(form); if (note) note.textContent = answer.ok ? note.dataset.kept || "✓" : ""; if (answer.status === 401) signedOut(); })
      .catch(() => { unkept.add(form); if (note) note.textContent = ""; });
  };
  const keepDrafts = (root) => { for (const form of waiting.keys()) if (!root || root.contains(form) || form === root) keepDraft(form, { last: true }); };
  const keepSoon = (form) => {
    if (!form || !place(form)) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keepDraft(form), 700));
  };
  // What was typed before this script was there, on a slow line, is kept as well.
  for (const area of all("form[data-draft] textarea")) if (area.value !== area.defaultValue) keepSoon(area.form);
  document.addEventListener("input", (event) => {
    if (event.target.type !== "file") keepSoon(event.target.closest("form[data-draft]"));
    if (event.target.name === "to" || event.target.name === "more") counted(event.target.form);
  });
  // A list too long to be sent whole is asked for what is being typed; of several names, for the last.
  let naming = 0;
  document.addEventListener("input", (event) => {
    const list = event.target.list, part = (event.target.value || "").split(",").pop().trim();
    if (!list?.dataset.more || part.length < 2) return;
    clearTimeout(naming);
    naming = setTimeout(async () => {
      const answer = await fetch(`${list.dataset.more}?q=${encodeURIComponent(part)}`).catch(() => null);
      if (answer?.ok && list.isConnected) list.innerHTML = await answer.text();
    }, 200);
  });
  let choosing = 0;
  const ofType = (form) => {  // whoever types a type's name passes others on the way
    clearTimeout(choosing);
    choosing = setTimeout(() => {
      const ask = one("#own [name=show]", form);
      if (ask?.matches(".htmx-request")) ofType(form); else ask?.click();
    }, 250);
  };
  document.addEventListener("change", (event) => {
    const file = event.target.closest(".file");
    if (file) file.dataset.count = event.target.files.length || "";
    if (event.target.name === "to") counted(event.target.form);
    if (event.target.name === "type" && event.target.form) ofType(event.target.form);
  });
  addEventListener("pagehide", () => keepDrafts());
  document.addEventListener("submit", (event) => { clearTimeout(waiting.get(event.target)); waiting.delete(event.target); });

  // --- a reply says to how many it goes -----------------------------------------------------------------------
  const counted = (form) => {
    const button = one("button[data-send]", form);
    if (!button) return;
    const more = (one("input[name=more]", form)?.value || "").split(",").filter((each) => each.includes("@")).length;
    const count = all("input[name=to]:checked", form).length + more;
    button.textContent = count === 0 ? button.dataset.sendNone : count === 1 ? button.dataset.sendOne : button.dataset.send.replace("N", count);
  };

  // --- what is new comes by live.js ---------------------------------------------------------------------------
  let told = false;
  const signedOut = () => {
    if (told) return;
    told = true;
    const words = document.createElement("div");
    words.className = "toast";
    words.textContent = phrase("out");
    live(words);
  };
  document.addEventListener("nocturne:signed-out", signedOut);
  // What could not be kept while the house was away is kept as soon as it is back.
  document.addEventListener("nocturne:online", () => { for (const form of unkept) if (form.isConnected) keepDraft(form); });

  // --- after htmx has put something in ------------------------------------------------------------------------
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.detail.elt.closest?.("form");
    const status = event.detail.xhr.status;
    if ((status === 401 || status === 403) && form?.method === "post") form.submit();
    else if (status === 401) signedOut();
    else say(event.detail.xhr.status >= 500 ? phrase("broke") : "");
  });
  document.addEventListener("htmx:sendError", () => say(phrase("offline")));
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "act") {
      const first = one("[aria-invalid=true]", target) || one("[required]", target) || one("input:not([type=hidden], [type=checkbox]), select, textarea", target);
      first?.focus();
      const form = one("form", target);
      if (form) { counted(form); replay(form); }
    }
    if (target.id === "entries") { const fresh = one("#new"); if (fresh) { fresh.replaceChildren(); delete fresh.dataset.shown; } seen(); }
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => { if (event.detail.target.id === "chart") seen(); });
  document.addEventListener("htmx:afterSettle", () => { settle(); tick(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    // A refusal is swapped in, and counts as a success for htmx: its words stay.
    if (event.detail.successful && event.detail.xhr.status < 400 && form.matches?.("form.compose")) one("#act")?.replaceChildren();
  });
  const seen = () => {
    const chart = one("#chart");
    if (chart) all("#note input[name=seen], #act input[name=seen]").forEach((each) => { each.value = chart.dataset.seen; });
  };

  // --- times go on --------------------------------------------------------------------------------------------
  const span = (seconds) => {
    const sign = seconds < 0 ? "−" : "";
    const whole = Math.abs(Math.trunc(seconds));
    const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
    if (days) return sign + (hours ? `${days} d ${hours} h` : `${days} d`);
    if (hours) return sign + (minutes ? `${hours} h ${minutes} m` : `${hours} h`);
    return `${minutes ? sign : ""}${minutes} min`;
  };
  const tick = () => {
    const now = Date.now();
    all("time[data-live]").forEach((each) => {
      const left = (Date.parse(each.dateTime) - now) / 1000;
      const words = span(each.dataset.live === "since" ? -left : left);
      if (each.textContent !== words) each.textContent = words;
      if (each.dataset.live === "due") each.classList.toggle("late", left <= 0);
    });
    const hour = one("[data-hour]");
    if (hour) {
      const at = new Date(now);
      const zone = hour.dataset.hour;
      const spelt = (timeZone) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
      const universal = document.createElement("b");
      universal.textContent = spelt("UTC");
      const own = zone === "UTC" ? "" : ` · ${spelt(zone)} ${zone.split("/").pop().replaceAll("_", " ")}`;
      hour.replaceChildren(universal, ` UTC${own}`);
    }
  };

  // --- begin --------------------------------------------------------------------------------------------------
  const begin = () => {
    const list = rows();
    if (list.length) {
      const before = sessionStorage.getItem("further") === location.pathname + location.search ? JSON.parse(sessionStorage.getItem("list") || "[]") : [];
      const here = list.filter((each) => !each.matches(".is-gone")).map((each) => each.dataset.number);
      sessionStorage.setItem("list", JSON.stringify([...before.filter((each) => !here.includes(each)), ...here]));
      sessionStorage.setItem("further", one("a[data-further]")?.getAttribute("href") || "");
      const last = sessionStorage.getItem("chosen");
      choose(list.find((each) => each.dataset.number === last) || list[0], { focus: false });
    }
    const address = new URL(location.href);
    if (address.searchParams.has("did")) {
      address.searchParams.delete("did");
      history.replaceState(null, "", address);
    }
    all("form.act").forEach(counted);
    settle();
    tick();
    setInterval(tick, 15000);
  };
  begin();
})();
