/* What happens in the house comes to this page within a second, and without it the page asks now and then.

   One browser has one stream, however many windows: one of them holds it and passes on what it hears. Whoever wants to
   know listens on `document`:

     nocturne:changed   {tickets: [{number, version, columns}], gone: [number], mark}
                        These tickets have changed for this reader; `version` is what their chart would give now,
                        `columns` are the facts that moved. `gone` are theirs no more. Some may be told twice.
     nocturne:mark      {mark}: the board as a whole is as of this mark.
     nocturne:presence  {tickets: {number: [{name, does}]}}: who else "reads" or "writes"; an empty list is nobody.
     nocturne:anew      Something may have been missed: ask for everything that may be old.
     nocturne:online    {since}: the house answers again; `since` is when it was last heard of before.
     nocturne:offline   {since}: it does not answer.

   `nocturneLive.soon(ask)` calls `ask` in a moment, spread over so many seconds that all consoles together do not
   overrun the house; `nocturneLive.isLive()` tells whether the stream is there (`data-hears` on the body says it to
   styles), `nocturneLive.here` who is where.

   A region with `data-poll` is asked for anew by its address: with `data-live=board`, `timers` or `ticket` when that
   has changed, and without it (`data-slow`: rarely) on and on. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const said = one("meta[name=events]");
  const address = said?.content || "";
  const me = said?.dataset.who || "";

  const QUICK = 1500, SLOW = 9000, RARE = 60000;  // how often is asked: without the stream, slow regions, beside it
  const SILENT = 45000;  // the stream beats every 15 s; after so long without a word it is dead
  const FIRST_WAIT = 1000, LONGEST_WAIT = 30000;
  const AWAY = [502, 504];  // what a proxy says while the house behind it is not there

  const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`nocturne:${name}`, { detail }));
  let pace = 0.2;
  const here = {};
  const soon = (ask) => setTimeout(ask, Math.random() * 1000 * pace);

  // --- the stream, and who holds it ---------------------------------------------------------------------------
  let release = () => {}, out = false;
  let source = null, last = "", wait = FIRST_WAIT, again = 0, heard = 0, lives = false, greeted = false;
  const channel = address && "BroadcastChannel" in window ? new BroadcastChannel(`nocturne live ${address} ${me}`) : null;
  const setLives = (value) => {
    if (lives === value) return;
    lives = value;
    document.body.toggleAttribute("data-hears", value);
    plan();
  };

  const open = () => {
    clearTimeout(again);
    source?.close();
    if (out) return;
    const at = new URL(address, location.href);
    if (last) at.searchParams.set("after", last);
    source = new EventSource(at);
    heard = Date.now();
    for (const name of ["hello", "changed", "presence", "beat", "again"]) {
      source.addEventListener(name, (event) => {
        heard = Date.now();
        const word = { name, data: JSON.parse(event.data || "{}"), id: event.lastEventId };
        channel?.postMessage(word);
        take(word);
      });
    }
    source.onerror = () => {
      source.close();
      channel?.postMessage({ name: "lost" });
      setLives(false);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      again = setTimeout(open, wait * (0.5 + Math.random()));
      ask();
    };
  };
  const take = ({ name, data, id }) => {
    heard = Date.now();
    if (id) last = id;
    if (data?.pace) pace = data.pace;
    if (name === "lost") { setLives(false); return; }
    if (name === "who leads") { if (source && greeted) channel.postMessage({ name: "lead", data: { pace, here } }); return; }
    setLives(true);
    answered();
    if (name === "hello") {
      wait = FIRST_WAIT;
      tell("mark", { mark: data.mark });
      if (greeted) { ask(); tell("anew"); }
      greeted = true;
    }
    if (name === "again") { ask(); tell("anew"); }
    if (name === "changed") {
      tell("changed", { tickets: [], gone: [], ...data });
      if (data.mark) tell("mark", { mark: data.mark });
    }
    if (name === "presence" || (name === "lead" && Object.keys(data.here).length)) {
      const tickets = name === "lead" ? data.here : data.tickets;
      if (data.whole) for (const number of Object.keys(here)) tickets[number] ??= [];
      Object.assign(here, tickets);
      for (const [number, people] of Object.entries(tickets)) if (!people.length) delete here[number];
      tell("presence", { tickets });
    }
  };
  const listen = () => {
    if (!address || !("EventSource" in window)) return;
    if (channel) channel.onmessage = (event) => take(event.data);
    setInterval(() => {
      if (Date.now() - heard < SILENT) return;
      if (source) open(); else setLives(false);
    }, 5000);
    if (channel && navigator.locks) {
      channel.postMessage({ name: "who leads" });
      navigator.locks.request(`nocturne live ${address} ${me}`, () => { open(); return new Promise((done) => { release = done; }); });
      return;
    }
    // Without locks (plain http to another host) each window in view has its own, and none that is out of sight.
    const turn = () => { if (!document.hidden) open(); else { source?.close(); source = null; setLives(false); } };
    document.addEventListener("visibilitychange", turn);
    turn();
  };

  // --- is the house there? ------------------------------------------------------------------------------------
  let spoken = Date.now(), away = false;
  const answered = () => {
    const since = spoken;
    spoken = Date.now();
    if (!away) return;
    away = false;
    bar(false);
    tell("online", { since: new Date(since) });
    ask();
    plan();
  };
  const silent = () => {
    if (away) return;
    away = true;
    bar(true);
    tell("offline", { since: new Date(spoken) });
    plan();
  };
  const bar = (shown) => {
    const element = one("#away");
    if (!element) return;
    const at = new Date(spoken).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: element.dataset.zone || "UTC" });
    element.textContent = shown ? element.dataset.says.replace("HH:MM", at) : "";
    element.classList.toggle("on", shown);
  };
  addEventListener("offline", silent);
  addEventListener("online", () => { if (source) { wait = FIRST_WAIT; open(); } ask(); });

  // --- regions that are asked for -----------------------------------------------------------------------------
  let planned = 0, rounds = 0;
  const regions = () => all("[data-poll]");
  const ask = () => {
    if (document.hidden || out) return Promise.resolve();
    return Promise.all(regions().map(askFor));
  };
  const round = async () => {
    rounds += 1;
    const due = (each) => (lives && "live" in each.dataset ? rounds % (RARE / QUICK) === 0 : !("slow" in each.dataset) || rounds % (SLOW / QUICK) === 0);
    if (!document.hidden && !out) {
      const asked = regions().filter(due);
      if (asked.length) await Promise.all(asked.map(askFor)); else if (away) await reachable();
    }
  };
  const plan = () => {
    clearInterval(planned);
    planned = setInterval(round, away ? 3000 : QUICK);
  };
  const reachable = () => fetch(address || location.href, { method: "HEAD", cache: "no-store" })
    .then((answer) => (AWAY.includes(answer.status) ? silent() : answered()), silent);
  const askFor = async (region) => {
    const chart = one("#chart");
    const at = new URL(region.dataset.poll, location.href);
    if (chart && region.id === "new") at.searchParams.set("seen", chart.dataset.seen);
    let answer;
    try {
      answer = await fetch(at, { headers: { "X-Piece": "new" } });
    } catch { silent(); return; }
    if (AWAY.includes(answer.status)) { silent(); return; }
    answered();
    if (answer.status === 401) { signOff(); return; }
    if (answer.status !== 200) return;
    if (region.id === "changed" && document.body.classList.contains("wall")) { location.reload(); return; }
    const html = await answer.text();
    if (region.isConnected && region.dataset.shown !== html) {
      region.dataset.shown = html;
      region.innerHTML = html;
      htmx.process(region);
    }
  };
  const signOff = () => {  // whoever signs on again in another window hears there
    out = true;
    source?.close();
    source = null;
    release();
    tell("signed-out");
  };
  const asking = new Map();
  const askSoon = (region, at = soon) => {
    if (asking.has(region) || document.hidden || out) return;
    asking.set(region, at(() => { asking.delete(region); askFor(region); }));
  };
  const atOnce = (run) => setTimeout(run, 50);
  const onWall = (run) => setTimeout(run, 900);  // drawn anew as a whole, and so not for every single change

  document.addEventListener("nocturne:changed", ({ detail }) => {
    const chart = one("#chart");
    const mine = chart && detail.tickets.find((each) => String(each.number) === chart.dataset.number);
    for (const region of all("[data-live]")) {
      const what = region.dataset.live;
      if (what === "ticket" && mine && mine.version !== chart.dataset.seen) askSoon(region, atOnce);
      if (what === "board" && !region.dataset.shown) askSoon(region, document.body.classList.contains("wall") ? onWall : soon);
      if (what === "timers" && (detail.gone.length || detail.tickets.some((each) => each.columns.includes("ringing_since")))) askSoon(region);
    }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

  // --- who is here: said once, and again when it becomes another thing ------------------------------------------
  const READS_EVERY = 240000, READS_ALONE = 45000, WRITES_EVERY = 20000, PAUSE = 25000;
  let does = "", saidAt = 0, typedAt = 0, leaving = 0;
  const say = async (what, form) => {
    const place = one("#here");
    const token = one("input[name=csrfmiddlewaretoken]")?.value;
    if (!place || !token || out) return;
    does = what;
    saidAt = Date.now();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("does", what);
    if (form) body.set("data_class", new FormData(form).get("data_class") || (form.matches("[action$='/messages'], [action$='/replies']") ? "customer" : "staff"));
    if (what === "leaves") { navigator.sendBeacon(place.dataset.address, body); does = ""; return; }
    const answer = await fetch(place.dataset.address, { method: "POST", body, headers: { "X-Piece": "presence" } }).catch(() => null);
    if (answer?.ok) shown((await answer.json()).people);
  };
  const shown = (people) => {
    const place = one("#here");
    if (!place) return;
    const others = people.filter((each) => each.name !== me).sort((a, b) => (a.does === b.does ? 0 : a.does === "writes" ? -1 : 1));
    const words = others.flatMap((each, at) => {
      const [before, after] = place.dataset[each.does].split("NAME");
      const name = document.createElement("b");
      name.textContent = each.name;
      const span = document.createElement("span");
      span.className = each.does;
      span.append(before, name, after || "");
      return at ? [" · ", span] : [span];
    });
    place.replaceChildren(...words);
  };
  document.addEventListener("nocturne:presence", ({ detail }) => {
    const people = detail.tickets[one("#here")?.dataset.number];
    if (people) shown(people);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft], form.act");
    if (!form || !one("#here")) return;
    typedAt = Date.now();
    if (does !== "writes" || typedAt - saidAt > WRITES_EVERY) say("writes", form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // A form that the answer has replaced is known by its request alone.
    const sent = event.detail.requestConfig?.elt;
    if (event.detail.successful && sent?.matches?.("form[data-draft], form.act") && does === "writes") say("reads");
  });
  const attend = () => {
    if (!one("#here") || document.hidden) return;
    clearTimeout(leaving);
    const since = Date.now() - saidAt;
    if (!does || (does === "writes" && Date.now() - typedAt > PAUSE) || (does === "reads" && since > (lives ? READS_EVERY : READS_ALONE))) say("reads");
  };
  setTimeout(attend, 1200);  // who only passes by is not here
  setInterval(attend, 5000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leaving = setTimeout(() => { if (does === "reads") say("leaves"); }, 20000); else attend();
  });
  addEventListener("pagehide", () => { if (does) say("leaves"); });

  window.nocturneLive = { soon, isLive: () => lives, isAway: () => away, here, me, ask };
  listen();
  plan();
  regions().filter((each) => !("slow" in each.dataset)).forEach(askFor);  // since this page was drawn
})();
