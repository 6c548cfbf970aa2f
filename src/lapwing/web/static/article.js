// Pointing at an event lights its words, pointing at words lights their events; picking one keeps it lit. With the keyboard:
// j and k go through the events, Escape lets go. What is lit is marked in words too, not by colour alone.
(() => {
  "use strict";

  const root = document.querySelector("[data-article]");
  const pieces = [...root.querySelectorAll(".article-text .p")];
  const cards = [...root.querySelectorAll(".event")];
  const marksOf = new Map(pieces.map((piece) => [piece, (piece.dataset.m ?? "").trim().split(" ").filter(Boolean).map((mark) => mark.split(":"))]));
  const TAGS = { trigger: "act", cue: "cue", actor: "actor", recipient: "to", source: "source", place: "place", date: "date" };
  let picked = null;

  const light = (number) => {
    root.classList.toggle("picking", number !== null);
    let before = null;
    for (const piece of pieces) {
      const mark = number === null ? undefined : marksOf.get(piece).find(([n]) => n === number);
      if (mark) piece.dataset.lit = mark[1];
      else delete piece.dataset.lit;
      const goesOn = mark && before === mark[1] && piece.previousSibling === pieces[pieces.indexOf(piece) - 1];
      if (mark && !goesOn) piece.dataset.litTag = TAGS[mark[1]];
      else delete piece.dataset.litTag;
      before = mark ? mark[1] : null;
    }
    for (const card of cards) card.classList.toggle("lit", card.dataset.n === number);
  };

  const pick = (number) => {
    picked = number;
    for (const card of cards) {
      const isIt = card.dataset.n === number;
      card.classList.toggle("picked", isIt);
      card.querySelector(".pick").setAttribute("aria-pressed", String(isIt));
    }
    light(number);
    if (number === null) return;
    const trigger = pieces.find((piece) => marksOf.get(piece).some(([n, role]) => n === number && role === "trigger"));
    if (trigger && matchMedia("(min-width: 960px)").matches) keepInView(trigger);
    const told = document.getElementById(`said-${number}`);
    lapwing.say(`Event ${number}: ${told?.textContent.trim() ?? ""}`);
  };

  const keepInView = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 90 || bottom > innerHeight - 40) element.scrollIntoView({ block: "center" });
  };

  // ── events ──

  for (const card of cards) {
    const number = card.dataset.n;
    card.addEventListener("mouseenter", () => light(number));
    card.addEventListener("mouseleave", () => light(picked));
    const button = card.querySelector(".pick");
    button.addEventListener("click", () => pick(picked === number ? null : number));
    button.addEventListener("focus", () => light(number));
    button.addEventListener("blur", () => light(picked));
  }

  // ── the text ──

  const lightCards = (piece) => {
    const numbers = new Set(marksOf.get(piece).map(([n]) => n));
    for (const card of cards) card.classList.toggle("lit", numbers.has(card.dataset.n));
  };

  for (const piece of pieces) {
    piece.addEventListener("mouseenter", () => lightCards(piece));
    piece.addEventListener("mouseleave", () => light(picked));
    if (piece.tagName !== "A") continue;
    piece.addEventListener("focus", () => lightCards(piece));
    piece.addEventListener("blur", () => light(picked));
    piece.addEventListener("click", (event) => {
      event.preventDefault();
      const number = piece.hash.replace("#event-", "");
      const numbers = marksOf.get(piece).filter(([, role]) => role === "trigger").map(([n]) => n);
      const next = numbers[(numbers.indexOf(picked) + 1) % numbers.length] ?? number;
      pick(next);
      cardOf(next)?.scrollIntoView({ block: "nearest" });
      if (!matchMedia("(min-width: 960px)").matches) cardOf(next)?.querySelector(".pick").focus();
    });
  }

  const cardOf = (number) => cards.find((card) => card.dataset.n === number);

  // ── keys ──

  const step = (by) => {
    if (!cards.length) return;
    const at = cards.findIndex((card) => card.dataset.n === picked);
    const next = cards[Math.max(0, Math.min(cards.length - 1, at === -1 ? (by > 0 ? 0 : cards.length - 1) : at + by))];
    next.querySelector(".pick").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    pick(next.dataset.n);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") pick(null);
  });

  // ── a link to one event ──

  const pickFromAddress = () => {
    const number = /^#event-(\d+)$/.exec(location.hash)?.[1];
    if (number && cardOf(number)) pick(number);
  };
  addEventListener("hashchange", pickFromAddress);
  pickFromAddress();
})();
