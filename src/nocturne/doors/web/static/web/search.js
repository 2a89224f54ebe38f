/* Searching as one types: results take the place of those before them, and what is wrong is said beside the query. The
   page works without it by its button. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- how many, once the page is there -------------------------------------------------------------------------
  const count = async () => {
    const chip = one(".chip.found[data-count]");
    if (!chip) return;
    const answer = await fetch(chip.dataset.count, { headers: { "X-Piece": "count" } }).catch(() => null);
    if (answer?.ok && chip.isConnected) { chip.textContent = (await answer.json()).words; delete chip.dataset.count; }
  };
  count();

  // A page that began without a list gets its menus by the button; until then nobody's typing is cut off by a new page.
  // --- as one types -----------------------------------------------------------------------------------------------
  const input = one("#query");
  if (input) {
    let waiting = 0, asking = null, asked = input.value.trim();
    const ask = async () => {
      const text = input.value.trim();
      if (text === asked || !text) return;
      asking?.abort();
      const mine = (asking = new AbortController());
      const at = new URL(input.form.action, location.href);
      at.searchParams.set("q", text);
      let answer;
      try { answer = await fetch(at, { signal: mine.signal, headers: { "X-Piece": "list" } }); } catch { return; }
      if (answer.status !== 200 && answer.status !== 422 && answer.status !== 403) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.signal.aborted) return;
      const tiers = one(".tiers"), now = one(".tiers", next);
      if (answer.status === 200) {
        asked = text;
        history.replaceState(null, "", at);
        window.NocturneList?.swap(next);
        all(".asking a.tab").forEach((each, place) => { each.href = all(".asking a.tab", next)[place]?.getAttribute("href") || each.href; });
        input.removeAttribute("aria-invalid");
        count();
      } else if (tiers && now) {
        // What is wrong is said when one has stopped; the results of before stay.
        input.setAttribute("aria-invalid", "true");
        tiers.replaceWith(now);
      }
    };
    for (const what of ["input", "completed"]) input.addEventListener(what, () => { clearTimeout(waiting); waiting = setTimeout(ask, 280); });
    input.form.addEventListener("submit", (event) => { if (!one(".head .menu")) return; event.preventDefault(); clearTimeout(waiting); asked = ""; ask(); });
  }

  // --- by rows: each key offers its values ------------------------------------------------------------------------
  const form = one("form.by-rows");
  if (!form) return;
  form.addEventListener("change", async (event) => {
    if (event.target.name !== "key") return;
    const row = event.target.closest("fieldset"), list = one("datalist", row);
    list.replaceChildren();
    const key = event.target.value;
    if (!key) return;
    const at = new URL(form.dataset.options, location.href);
    at.searchParams.set("q", `${key}:`);
    at.searchParams.set("at", String(key.length + 1));
    const answer = await fetch(at, { headers: { "X-Piece": "complete" } }).catch(() => null);
    if (!answer?.ok) return;
    const found = await answer.json();
    list.replaceChildren(...found.options.map((each) => { const option = document.createElement("option"); option.value = each.text.replace(`${key}:`, "").trim(); return option; }));
  });
  form.addEventListener("input", (event) => {
    const rows = all("fieldset.asked-row", form), last = rows.at(-1);
    if (!last.contains(event.target) || !one("[name=value]", last).value) return;
    const next = last.cloneNode(true);
    for (const each of all("input", next)) each.value = "";
    const list = one("datalist", next);
    list.id = `values-${rows.length}`;
    list.replaceChildren();
    one("[name=value]", next).setAttribute("list", list.id);
    last.after(next);
  });
})();
