/* The tiles of a dashboard are repainted in place when something has changed for their reader (live.js says so), and
   asked for now and then where nothing says so. A tile that somebody is in stays as it is until they leave it. */
(() => {
  "use strict";
  const tiles = () => [...document.querySelectorAll("[data-tile]")];
  const GAP = 2500, POLL = 9000, RARE = 60000;
  let last = Date.now(), waiting = 0;

  const askFor = async (tile) => {
    if (document.hidden || !tile.isConnected || tile.contains(document.activeElement)) return;
    let answer;
    try {
      answer = await fetch(tile.dataset.tile, { headers: { "X-Piece": "tile" } });
    } catch { return; }
    if (answer.status !== 200) return;
    const html = await answer.text();
    if (!tile.isConnected || tile.dataset.shown === html || tile.contains(document.activeElement)) return;
    const open = Boolean(tile.querySelector("details[open]"));
    tile.dataset.shown = html;
    tile.innerHTML = html;
    if (open) tile.querySelector("details")?.setAttribute("open", "");
  };
  const ask = () => { last = Date.now(); tiles().forEach(askFor); };
  const soon = () => {
    clearTimeout(waiting);
    const spread = window.nocturneLive ? window.nocturneLive.soon : (run) => setTimeout(run, 200);
    waiting = setTimeout(() => spread(ask), Math.max(0, last + GAP - Date.now()));
  };
  for (const name of ["changed", "anew", "online"]) document.addEventListener(`nocturne:${name}`, soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  document.addEventListener("focusout", (event) => { const tile = event.target.closest?.("[data-tile]"); if (tile) setTimeout(() => askFor(tile), 400); });
  setInterval(() => { if (Date.now() - last > (window.nocturneLive?.isLive() ? RARE : POLL)) ask(); }, 3000);
})();
