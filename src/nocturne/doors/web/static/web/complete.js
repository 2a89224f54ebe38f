/* Completion while one types: a combobox (WAI-ARIA 1.2) for any input with data-complete.
   data-complete: where it is asked what could come next; data-method=post sends the form that the input stands in.
   The answer is HTML with [data-part=options] (and [data-part=read] for what was understood), or JSON
   {"options": [{"text", "label", "hint", "start", "end", "goes_on"}]}. aria-controls names the list's element. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const WAIT = 90;

  const looked = () => JSON.parse(sessionStorage.getItem("looked") || "[]");
  const here = one("#chart")?.dataset.number;
  if (here) sessionStorage.setItem("looked", JSON.stringify([here, ...looked().filter((each) => each !== here)].slice(0, 12)));

  const made = (found) => {
    const list = document.createElement("div");
    (found.options || []).forEach((each, place) => {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.id = `o-json-${place}`;
      option.setAttribute("aria-selected", "false");
      if (each.address) option.dataset.to = each.address;
      else Object.assign(option.dataset, { text: each.text + (each.goes_on === false ? " " : ""), start: each.start ?? found.start, end: each.end ?? found.end });
      const label = document.createElement("span");
      label.textContent = each.label || each.text;
      option.append(label);
      if (each.hint) { const hint = document.createElement("small"); hint.textContent = each.hint; option.append(hint); }
      list.append(option);
    });
    return list;
  };

  const complete = (input) => {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    const read = document.getElementById(input.dataset.read || "");
    if (!list) return;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "listbox");
    let waiting = 0, asking = null, active = null, palette = false, composing = false, then = "";

    const options = () => all("[role=option]", list);
    const isOpen = () => input.getAttribute("aria-expanded") === "true";
    const activate = (option) => {
      active?.setAttribute("aria-selected", "false");
      active = option || null;
      if (!active) { input.removeAttribute("aria-activedescendant"); return; }
      active.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    };
    const close = () => { activate(null); list.replaceChildren(); input.setAttribute("aria-expanded", "false"); };
    const shut = () => { asking?.abort(); asking = null; clearTimeout(waiting); waiting = 0; then = ""; palette = false; close(); read?.replaceChildren(); };
    const show = (fresh) => {
      activate(null);
      list.replaceChildren(...fresh);
      input.setAttribute("aria-expanded", String(options().length > 0));
      list.scrollTop = 0;
      if (palette || then || input.value.trimStart().startsWith(">")) activate(options()[0]);
      // What was pressed before the list was there counts for the list that has come.
      if (then === "choose" && active) { then = ""; choose(active); }
      else if (then === "choose" && input.value.trimStart().startsWith(">")) input.form?.requestSubmit();
      then = "";
    };
    const isPending = () => waiting !== 0 || asking !== null;
    const hurry = (next) => { then = next; if (waiting) ask(); };
    const ask = async () => {
      clearTimeout(waiting);
      waiting = 0;
      asking?.abort();
      const mine = (asking = new AbortController());
      if (!input.value.trim() && !palette) { asking = null; close(); read?.replaceChildren(); return; }
      const body = input.dataset.method === "post" ? new FormData(input.form) : new FormData();
      body.set(input.dataset.method === "post" ? input.name : "q", input.value);
      body.set("at", input.selectionStart ?? input.value.length);
      const number = one("#chart")?.dataset.number;
      if (number) body.set("here", number);
      body.set("recent", looked().join());
      if (palette) body.set("palette", "1");
      try {
        const post = { method: "POST", body };
        const address = new URL(input.dataset.complete, location.href);
        if (input.dataset.method !== "post") for (const [name, value] of body) address.searchParams.set(name, value);
        const answer = await fetch(address, { signal: mine.signal, headers: { "X-Piece": "complete" }, ...(input.dataset.method === "post" ? post : {}) });
        if (!answer.ok) { close(); return; }
        const isJson = (answer.headers.get("Content-Type") || "").includes("json");
        const came = isJson ? await answer.json() : new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine.signal.aborted || document.activeElement !== input) return;
        if (isJson) { show(made(came).childNodes); return; }
        if (read) read.replaceChildren(...(one("[data-part=read]", came)?.childNodes || []));
        show(one("[data-part=options]", came)?.children || []);
      } catch (error) { if (error.name !== "AbortError") close(); } finally { if (asking === mine) asking = null; }
    };
    const later = () => { activate(null); then = ""; clearTimeout(waiting); waiting = setTimeout(ask, WAIT); };
    const choose = (option) => {
      if (option.dataset.to) {
        const act = "act" in option.dataset && one(`.acts a[href="${CSS.escape(option.dataset.to)}"]`);
        input.value = "";
        shut();
        if (act && one("#act")) { input.blur(); act.click(); } else location.assign(option.dataset.to);
        return;
      }
      const { text, start, end } = option.dataset;
      const after = input.value.slice(Number(end));
      const put = after.startsWith(" ") ? text.trimEnd() : text;
      input.setRangeText(put, Number(start), Number(end), "end");
      if (after.startsWith(" ") && text.endsWith(" ")) input.setSelectionRange(input.selectionStart + 1, input.selectionStart + 1);
      close();
      ask();
      input.dispatchEvent(new CustomEvent("completed"));
    };
    const move = (step) => {
      const found = options();
      const at = found.indexOf(active);
      activate(found[at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length]);
    };

    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; later(); });
    input.addEventListener("input", () => { if (!composing) later(); });
    input.addEventListener("click", () => { if (input.value) later(); });
    input.addEventListener("palette", () => { if (!input.value) { palette = true; ask(); } });
    input.addEventListener("keydown", (event) => {
      const { key } = event;
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const goes = palette || input.value.trimStart().startsWith(">");
      if (isPending() && input.value && (key === "ArrowDown" || (key === "Tab" && !event.shiftKey) || (key === "Enter" && goes))) {
        event.preventDefault();
        hurry(key === "ArrowDown" ? "first" : "choose");
      } else if ((key === "ArrowDown" || key === "ArrowUp") && isOpen()) { event.preventDefault(); move(key === "ArrowDown" ? 1 : -1); }
      else if (key === "ArrowDown" && !event.altKey) { event.preventDefault(); palette = !input.value && input.dataset.method === "post"; ask(); }
      else if ((key === "ArrowLeft" || key === "ArrowRight" || key === "Home" || key === "End") && isOpen()) later();
      else if (key === "Tab" && !event.shiftKey && isOpen()) {
        const option = active || options()[0];
        if (option && (active || option.dataset.text)) { event.preventDefault(); choose(option); }
      } else if (key === "Enter" && active) { event.preventDefault(); choose(active); }
      else if (key === "Enter") shut();
      else if (key === "Escape" && isOpen()) { event.preventDefault(); event.stopPropagation(); palette = false; asking?.abort(); asking = null; clearTimeout(waiting); waiting = 0; close(); }
    });
    input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) shut(); }, 150));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option); });
  };
  all("input[data-complete]").forEach(complete);
})();
