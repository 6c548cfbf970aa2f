// What every page has: the token on htmx's requests, the switch of colours, and what is said to screen readers.
(() => {
  "use strict";

  const token = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

  // htmx 4 tells of a request before it is made; its headers may still be added to.
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail?.ctx?.request;
    if (request) request.headers["X-CSRF-Token"] = token();
  });

  // For scripts of pages: fetch with the token, JSON in and out. Throws an Error with the problem's detail.
  const ask = async (method, path, value) => {
    const headers = { "X-CSRF-Token": token(), Accept: "application/json" };
    if (value !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, { method, headers, body: value === undefined ? undefined : JSON.stringify(value) });
    const told = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw new Error(told?.detail ?? `the server answered ${answer.status}`);
    return told;
  };

  const say = (words) => {
    const place = document.getElementById("said");
    if (place) place.textContent = words;
  };

  const NAMES = { system: "as the system has them", light: "light", dark: "dark" };
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const SIGNS = { system: "◐", light: "○", dark: "●" };
  const chosen = () => document.documentElement.dataset.theme ?? "system";

  const showTheme = (button) => {
    button.setAttribute("aria-label", `Colours: ${NAMES[chosen()]}`);
    button.title = `Colours: ${NAMES[chosen()]}`;
    button.firstElementChild.textContent = SIGNS[chosen()];
  };

  const switchTheme = (button) => {
    const next = NEXT[chosen()];
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try { localStorage.setItem("lapwing-theme", next); } catch { /* a browser that keeps nothing */ }
    showTheme(button);
    document.dispatchEvent(new CustomEvent("lapwing:theme"));
  };

  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    showTheme(button);
    button.addEventListener("click", () => switchTheme(button));
  }

  // Single letters are shortcuts on many pages. Who dictates, or types beside the mark, turns them off: then no page hears them.
  const keysAreOff = () => { try { return localStorage.getItem("lapwing-keys") === "off"; } catch { return false; } };
  const inField = (element) => element instanceof Element && element.closest("input, textarea, select, [contenteditable]");

  addEventListener("keydown", (event) => {
    const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isLetter && keysAreOff() && !inField(event.target)) event.stopImmediatePropagation();
  }, true);

  const showKeys = (button) => {
    button.setAttribute("aria-pressed", String(!keysAreOff()));
    button.title = `Single letters as shortcuts: ${keysAreOff() ? "off" : "on"}`;
  };

  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    showKeys(button);
    button.addEventListener("click", () => {
      try { localStorage.setItem("lapwing-keys", keysAreOff() ? "on" : "off"); } catch { /* a browser that keeps nothing */ }
      showKeys(button);
    });
  }

  window.lapwing = { ask, say, token };
})();
