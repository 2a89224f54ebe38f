/* A list on a wall: it turns its pages by itself, comes up to date by itself, shows what has come in, and says when it
   cannot. Nobody touches it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  if (!document.body.classList.contains("wall")) return;
  const STAYS = Number(document.body.dataset.turn || 12) * 1000, ASKS = 15000, STALE = 90000;

  // --- pages ------------------------------------------------------------------------------------------------------
  const folio = document.createElement("span");
  folio.className = "folio";
  one(".head")?.append(folio);
  let first = 0, turning = 0;
  const rows = () => all(".board tbody tr");
  const show = () => {
    const list = one(".list"), board = one(".board");
    if (!list || !board) { folio.textContent = ""; return; }
    const lines = rows();
    for (const row of lines) row.hidden = false;
    const room = list.getBoundingClientRect().bottom - one("tbody", board).getBoundingClientRect().top - list.scrollTop;
    if (first >= lines.length) first = 0;
    let used = 0, last = first;
    while (last < lines.length) {
      const height = lines[last].getBoundingClientRect().height;
      if (used + height > room && last > first) break;
      used += height;
      last += 1;
    }
    lines.forEach((row, place) => { row.hidden = place < first || place >= last; });
    const size = last - first;
    const pages = size && (first > 0 || last < lines.length) ? Math.ceil(lines.length / size) : 1;
    folio.textContent = pages > 1 ? `${Math.floor(first / Math.max(size, 1)) + 1} / ${pages}` : "";
    return last;
  };
  const turn = () => {
    const end = show();
    if (end === undefined) return;
    first = end >= rows().length ? 0 : end;
    show();
  };
  // A page stays for its whole time, whatever made it come up.
  const stay = () => { clearInterval(turning); turning = setInterval(turn, STAYS); };
  show();
  addEventListener("resize", show);
  stay();

  // What has come in is what the room must see: the page that it stands on comes up at once. A ticket that only moves
  // up from behind the last row, since another has ended, turns nothing.
  const number = (row) => Number(row.dataset.number || 0);
  const arrived = (before) => {
    const lines = rows(), last = lines.findLastIndex((row) => before.has(number(row))), highest = Math.max(0, ...before);
    return lines.filter((row, place) => number(row) && !before.has(number(row)) && (place < last || number(row) > highest));
  };
  const bring = (row) => {
    const place = rows().indexOf(row);
    first = 0;
    for (let end = show(); end <= place; end = show()) first = end;
    stay();
  };

  // --- up to date -------------------------------------------------------------------------------------------------
  let fresh = Date.now(), asking = false;
  const state = (isStale) => document.body.classList.toggle("stale", isStale);
  const draw = async () => {
    if (asking) return;
    asking = true;
    const answer = await fetch(location.href, { headers: { "X-Piece": "list" }, cache: "no-store" }).catch(() => null);
    asking = false;
    // Taken down, or put up for something else: what hung here is not left hanging.
    if (answer?.status === 404) { location.reload(); return; }
    if (!answer?.ok) return;
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("html")) { location.reload(); return; }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hangs = (root) => one("[data-hangs]", root)?.dataset.hangs;
    if (hangs(next) !== hangs(document)) { location.reload(); return; }  // it was put up for something else meanwhile
    const before = new Set(rows().map(number));
    window.NocturneList?.swap(next);
    const news = one("[data-new]");
    if (news) news.dataset.new = one("[data-new]", next)?.dataset.new || news.dataset.new;
    fresh = Date.now();
    state(false);
    const come = before.size ? arrived(before) : [];
    for (const row of come) row.classList.add("is-new");
    if (come.length) bring(come[0]); else show();
  };
  let waiting = 0;
  const later = () => {
    if (waiting) return;
    waiting = setTimeout(() => { waiting = 0; draw(); }, 400);
  };
  for (const what of ["changed", "anew", "online"]) document.addEventListener(`nocturne:${what}`, later);
  document.addEventListener("nocturne:offline", () => state(true));
  // Without the stream it is asked whether anything has happened; with it, now and then, to be sure.
  const anew = async () => {
    const news = one("[data-new]")?.dataset.new;
    if (!news) { draw(); return; }
    const answer = await fetch(news, { headers: { "X-Piece": "new" }, cache: "no-store" }).catch(() => null);
    if (answer?.status === 204) { fresh = Date.now(); state(false); } else if (answer?.ok) draw();
  };
  setInterval(() => { if (!window.nocturneLive?.isLive()) anew(); else if (Date.now() - fresh > 60000) draw(); }, ASKS);
  setInterval(() => { if (Date.now() - fresh > STALE) state(true); }, 5000);

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !new URLSearchParams(location.search).has("wall")) return;
    const at = new URL(location.href);
    at.searchParams.delete("wall");
    location.assign(at);
  });
})();
