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
})();
