// Reviewing with the keyboard: decisions are buttons of a form, each with its key; corrections and added events are sent as JSON
// and the page is loaded anew. Words are told by their offsets in the text as given, counted in characters as the server counts them.
(() => {
  "use strict";

  const root = document.querySelector("[data-review]");
  const text = document.getElementById("text");
  const picked = document.getElementById("picked");
  const note = document.getElementById("note");
  const adding = document.getElementById("adding");
  const { article, record, before, after, reviewer } = root.dataset;

  // ── the words that are selected ──

  let chosen = null;

  const count = (words) => [...words].length;

  const offsetOf = (node, at) => {
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(node, at);
    return count(range.toString());
  };

  const readSelection = () => {
    const selection = getSelection();
    if (!text || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    const words = range.toString();
    const leading = count(words) - count(words.trimStart());
    const start = offsetOf(range.startContainer, range.startOffset) + leading;
    const trimmed = words.trim();
    return trimmed ? { start, end: start + count(trimmed), words: trimmed } : null;
  };

  const ROLES = [["trigger", "Trigger"], ["actors", "Actor"], ["recipients", "Recipient"], ["source", "Source"], ["place", "Place"], ["date", "Date"], ["cue", "Cue"]];

  const showSelection = () => {
    const now = readSelection();
    if (now === null && document.activeElement?.closest(".review-side, .acting")) return; // kept while a form is filled in
    chosen = now;
    if (!picked) return;
    picked.replaceChildren();
    if (chosen === null) {
      const hint = document.createElement("span");
      hint.className = "soft";
      hint.textContent = "Select words in the text to set a field or to add an event.";
      picked.append(hint);
      return;
    }
    const words = document.createElement("span");
    words.className = "words";
    words.textContent = `“${chosen.words.length > 60 ? `${chosen.words.slice(0, 59)}…` : chosen.words}”`;
    picked.append(words, button("New event", "s", () => openAdding()));
    if (record && root.querySelector("[data-row] details")) ROLES.forEach(([field, name], k) => picked.append(button(name, String(k + 1), () => use(field))));
  };

  const button = (name, key, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "small";
    const cap = document.createElement("kbd");
    cap.textContent = key;
    made.append(`${name} `, cap);
    made.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    made.addEventListener("click", act);
    return made;
  };

  document.addEventListener("selectionchange", showSelection);

  const fill = (place, span) => {
    place.dataset.start = span ? span.start : "";
    place.dataset.end = span ? span.end : "";
    place.querySelector("[data-words]").textContent = span ? `“${span.words}”` : "no words";
  };

  const spanOf = (form, name) => {
    const place = form.querySelector(`[data-span="${name}"]`);
    if (!place || place.dataset.start === "") return null;
    return { start: Number(place.dataset.start), end: Number(place.dataset.end) };
  };

  // ── forms ──

  const told = (form, name) => form.querySelector(`[name="${name}"]`)?.value.trim() || null;

  const entity = (place) => ({ span: spanOf(place, "span"), name: told(place, "name"), country: told(place, "country")?.toUpperCase() ?? null, sector: told(place, "sector") });

  const entitiesOf = (form, role) =>
    [...form.querySelectorAll(`[data-entities="${role}"] [data-entity]`)].map(entity).filter((one) => one.span || one.name);

  const numbersOf = (form) =>
    [...form.querySelectorAll("[data-number]")].map((place) => ({ span: spanOf(place, "span"), kind: told(place, "kind"), value: Number(told(place, "value") ?? NaN), claimant: told(place, "claimant") }));

  const VALUES = {
    event: (form) => told(form, "value"),
    mode: (form) => told(form, "value"),
    status: (form) => told(form, "value"),
    contexts: (form) => [...form.querySelectorAll('[name="value"]')].map((field) => field.value).filter(Boolean),
    trigger: (form) => spanOf(form, "value"),
    cue: (form) => spanOf(form, "value"),
    actors: (form) => entitiesOf(form, "actors"),
    recipients: (form) => entitiesOf(form, "recipients"),
    date: (form) => (told(form, "value") ? { value: told(form, "value"), span: spanOf(form, "span") } : null),
    place: (form) => (told(form, "name") ? { name: told(form, "name"), country: told(form, "country")?.toUpperCase() ?? null, precision: told(form, "precision"), span: spanOf(form, "span") } : null),
    source: (form) =>
      spanOf(form, "span") || told(form, "name")
        ? { span: spanOf(form, "span"), name: told(form, "name"), country: told(form, "country")?.toUpperCase() ?? null, sector: told(form, "sector"), kind: told(form, "kind"), cue: spanOf(form, "cue") }
        : null,
    relay: (form) => (spanOf(form, "span") ? { span: spanOf(form, "span"), name: told(form, "name") } : null),
    magnitude: numbersOf,
  };

  const send = async (form, value, go) => {
    const fault = form.querySelector(".fault");
    const main = form.querySelector("button.main");
    fault.textContent = "";
    main.disabled = true;
    try {
      const review = await lapwing.ask("POST", "/api/v1/reviews", { reviewer, note: note?.value.trim() || null, ...value });
      go(review);
    } catch (error) {
      fault.textContent = error.message;
      main.disabled = false;
    }
  };

  for (const form of root.querySelectorAll("form.correct")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { field } = form.dataset;
      send(form, { action: "correct", record: Number(record), field, value: VALUES[field](form) }, () => location.reload());
    });
  }

  root.querySelector("[data-add]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const value = { trigger: spanOf(form, "trigger"), event: told(form, "event"), status: told(form, "status"), actors: entitiesOf(form, "actors"), recipients: entitiesOf(form, "recipients") };
    send(form, { action: "add", article: Number(article), value }, (review) => location.assign(`/review/records/${review.number}`));
  });

  const more = (list, template) => {
    list.append(template.content.cloneNode(true));
    return list.lastElementChild;
  };

  const templateOf = (list) => list.closest("form").querySelector("template") ?? document.getElementById("entity-template");

  root.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed || !root.contains(pressed)) return;
    if (pressed.matches("[data-take]")) {
      const words = readSelection() ?? chosen;
      if (words) fill(pressed.closest("[data-span]"), words);
      else lapwing.say("No words are selected in the text.");
    } else if (pressed.matches("[data-none]")) fill(pressed.closest("[data-span]"), null);
    else if (pressed.matches("[data-drop]")) pressed.closest(".entity").remove();
    else if (pressed.matches("[data-more]")) {
      const list = pressed.previousElementSibling;
      more(list, templateOf(list)).querySelector("input, select, button").focus();
    } else if (pressed.matches("[data-close]")) close();
  });

  root.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-take]")) event.preventDefault();
  });

  // ── from selected words to a field ──

  const rowOf = (field) => root.querySelector(`[data-row="${field}"]`);

  const open = (field) => {
    const details = rowOf(field)?.querySelector("details");
    if (!details) return null;
    for (const other of root.querySelectorAll("details.edit[open]")) if (other !== details) other.open = false;
    details.open = true;
    return details.querySelector("form");
  };

  const use = (field) => {
    const words = readSelection() ?? chosen;
    const form = open(field);
    if (!form || !words) return;
    if (field === "actors" || field === "recipients") {
      const list = form.querySelector(".entities");
      const row = more(list, templateOf(list));
      fill(row.querySelector("[data-span]"), words);
      row.querySelector('[name="name"]').value = words.words;
      row.querySelector('[name="country"]').focus();
    } else {
      fill(form.querySelector("[data-span]"), words);
      const name = form.querySelector('[name="name"]');
      if (name && !name.value) name.value = words.words;
      (form.querySelector("input, select") ?? form.querySelector("button.main")).focus();
    }
    form.scrollIntoView({ block: "nearest" });
  };

  const openAdding = () => {
    if (!adding) return;
    const words = readSelection() ?? chosen;
    adding.hidden = false;
    if (words) fill(adding.querySelector('[data-span="trigger"]'), words);
    adding.scrollIntoView({ block: "nearest" });
    adding.querySelector("select").focus();
  };

  const close = () => {
    for (const details of root.querySelectorAll("details.edit[open]")) details.open = false;
    if (adding) adding.hidden = true;
    const keys = document.getElementById("keys");
    if (keys) keys.hidden = true;
    document.activeElement?.blur();
  };

  // ── keys ──

  const press = (key) => {
    const found = document.querySelector(`.acting [data-key="${CSS.escape(key)}"]`);
    if (!found || found.disabled) return false;
    found.click();
    return true;
  };

  const correct = () => {
    const first = root.querySelector("details.edit");
    if (first) {
      first.open = true;
      first.querySelector("select, input, button")?.focus();
    }
  };

  document.querySelector('.acting [data-key="e"]')?.addEventListener("click", correct);
  document.querySelector('.acting [data-key="s"]')?.addEventListener("click", openAdding);
  document.querySelector('.acting [data-key="?"]')?.addEventListener("click", (event) => {
    const keys = document.getElementById("keys");
    keys.hidden = !keys.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!keys.hidden));
  });

  const go = (number) => {
    if (number) location.assign(`/review/records/${number}${location.search}`);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest("form.correct, form.add")?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const at = Number(event.key) - 1;
    if (event.key === "j") go(after);
    else if (event.key === "k") go(before);
    else if (event.key === "w") note?.focus();
    else if (ROLES[at]) use(ROLES[at][0]);
    else if (!press(event.key)) return;
    event.preventDefault();
  });

  // ── where to look: the words of the record, in the panel of the text; the page itself stays where it is ──

  const trigger = document.getElementById("trigger");
  const panel = text?.closest(".text-side");
  if (trigger && panel && panel.scrollHeight > panel.clientHeight) {
    const above = trigger.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    if (above < 0 || above > panel.clientHeight - 60) panel.scrollTop += above - panel.clientHeight / 3;
  }
})();
