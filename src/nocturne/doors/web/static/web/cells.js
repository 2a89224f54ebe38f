/* Changing a ticket in the cell of a list: F2 or Enter on a cell, or a double click. Arrows go from cell to cell; Enter
   saves, Escape leaves. Without this the form of each act does the same, one page away. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  if (!one(".board th[data-edit]")) return;
  const house = window.Nocturne;
  const heading = (cell) => all(".board thead th")[cell.cellIndex];
  const canEdit = (cell) => heading(cell)?.dataset.edit && !cell.closest(".is-gone");
  const place = (row) => one("td.c-what a", row)?.pathname || one("a", row)?.pathname || "";

  // --- the cell that the keyboard is on -------------------------------------------------------------------------
  const stand = (cell) => { if (!cell) return; cell.tabIndex = -1; cell.focus({ preventScroll: true }); cell.scrollIntoView({ block: "nearest", inline: "nearest" }); };
  const onCell = () => document.activeElement?.matches?.(".board tr[data-number] > td") ? document.activeElement : null;
  const besides = (row, from, step) => {
    const cells = [...row.cells];
    for (let at = from + step; at >= 0 && at < cells.length; at += step) if (canEdit(cells[at])) return cells[at];
    return null;
  };
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const form = target.closest?.(".board td.editing");
    if (form) {
      if (key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(form); }
      if ((key === "ArrowDown" || key === "ArrowUp") && target.closest(".ways-from")) {
        event.preventDefault(); event.stopPropagation();
        const offered = all(".ways-from :is(button, a)", form);
        offered[(offered.indexOf(target) + (key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length]?.focus();
      }
      if (key === "Enter" && !target.matches("button, a") && !target.matches("textarea")) { event.preventDefault(); event.stopPropagation(); one("form.cell", form)?.requestSubmit(); }
      return;
    }
    if (typing(target)) return;
    if (key === "Escape" && held) { leave(held); return; }  // it is still on its way
    const row = house?.row();
    const cell = onCell();
    if (!row || !one(".board").contains(row)) return;
    if (key === "F2") {
      const chosen = cell?.parentElement === row ? cell : besides(row, -1, 1);
      if (chosen && canEdit(chosen)) { event.preventDefault(); open(chosen); }
    } else if (key === "Enter" && cell && canEdit(cell)) { event.preventDefault(); event.stopPropagation(); open(cell); }
    else if (key === "ArrowRight" || key === "ArrowLeft") {
      if (!cell && target !== document.body && !row.contains(target)) return;
      const next = besides(row, cell?.parentElement === row ? cell.cellIndex : key === "ArrowRight" ? -1 : row.cells.length, key === "ArrowRight" ? 1 : -1);
      if (next) { event.preventDefault(); stand(next); }
    } else if ((key === "ArrowDown" || key === "ArrowUp") && (cell || row.contains(target))) {
      event.preventDefault();
      const at = cell?.cellIndex;
      house.keys[key === "ArrowDown" ? "j" : "k"]();
      if (at !== undefined) stand(house.row().cells[at]);
    } else if (key === "Escape" && cell) one("td.c-what a", row)?.focus();
  }, true);
  document.addEventListener("dblclick", (event) => {
    const cell = event.target.closest(".board tr[data-number] > td");
    if (!cell || event.target.closest("a, button, form") || !canEdit(cell)) return;
    getSelection().removeAllRanges();
    open(cell);
  });

  // --- a cell opens, and closes -----------------------------------------------------------------------------------
  let held = null;
  const put = (cell, html) => {
    const box = document.createElement("div");
    box.className = "editor";
    box.innerHTML = html;
    one(".editor", cell)?.remove();
    cell.append(box);
    cell.classList.add("editing");
    const field = one("[aria-invalid=true], select, input:not([type=hidden]), textarea, .ways-from :is(button, a), a, button", box);
    field?.focus();
    field?.select?.();
  };
  const open = async (cell) => {
    if (held) leave(held, { back: false });
    held = cell;
    const row = cell.parentElement;
    const address = `${place(row)}/cell?edit=${encodeURIComponent(heading(cell).dataset.edit)}`;
    const answer = await fetch(address, { headers: { "X-Piece": "cell" } }).catch(() => null);
    if (held !== cell) return;
    if (!answer?.ok) { held = null; house?.say(answer ? await told(answer) : one("meta[name=offline]")?.content || ""); return; }
    put(cell, await answer.text());
  };
  const told = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return one(".refusal, main p, p", page)?.textContent.trim() || "";
  };
  const leave = (cell, { back = true } = {}) => {
    one(".editor", cell)?.remove();
    cell.classList.remove("editing");
    held = null;
    if (back) stand(cell);
  };
  const say = (html) => { const region = one("#said"); if (region) { region.innerHTML = html; } };
  const again = (number) => document.dispatchEvent(new CustomEvent("nocturne:changed", { detail: { tickets: [{ number: Number(number), columns: [] }], gone: [] } }));
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const cell = form.closest(".board td.editing");
    const undo = form.closest("#said") && one(".board") && form.action.includes("/cell?");
    if (!cell && !undo) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = all("button", form);
    const body = new FormData(form, event.submitter);
    buttons.forEach((each) => { each.disabled = true; });
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Piece": "cell" } }).catch(() => null);
    buttons.forEach((each) => { each.disabled = false; });
    if (!answer) { house?.say(one("meta[name=offline]")?.content || ""); return; }
    const number = /tickets\/(\d+)\//.exec(form.action)?.[1];
    const html = answer.status === 204 ? "" : await answer.text();
    if (answer.ok) {
      if (cell) leave(cell);
      if (html) say(html); else if (undo) say("");
      again(number);
    } else if (cell && /<form/.test(html)) put(cell, html);
    else house?.say(one("p", new DOMParser().parseFromString(html, "text/html"))?.textContent || "");
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest(".editor [data-leave]")) { leave(event.target.closest("td")); return; }
    const way = event.target.closest(".editor [data-way], .editor a.tab");
    if (way && one("#act")) { event.preventDefault(); leave(way.closest("td"), { back: false }); htmx.ajax("GET", way.getAttribute("href"), { target: "#act", swap: "innerHTML" }); return; }
    if (held && !held.contains(event.target) && one("form.cell", held)) {
      const form = one("form.cell", held);
      const value = one("[name=value]", form)?.value ?? "";
      if (value === (one("[name=was]", form)?.value ?? "")) leave(held, { back: false });
    } else if (held && !held.contains(event.target)) leave(held, { back: false });
  });
})();
