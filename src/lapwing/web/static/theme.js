// Light or dark before the first paint: as the system has it, unless the person chose.
(() => {
  "use strict";
  const chosen = (() => { try { return localStorage.getItem("lapwing-theme"); } catch { return null; } })();
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
