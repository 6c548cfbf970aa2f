// Conditions: what is empty is not sent, so that addresses stay short; menus close as people expect.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form.asking")) {
    form.addEventListener("submit", () => {
      const empty = [...form.elements].filter((field) => field.name && field.value === "");
      for (const field of empty) field.disabled = true;
      setTimeout(() => { for (const field of empty) field.disabled = false; });
    });
  }

  const opened = () => document.querySelectorAll("details.menu[open], details.several[open]");

  document.addEventListener("click", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // What is chosen among several, in words.
  for (const several of document.querySelectorAll("details.several")) {
    several.addEventListener("change", () => {
      const chosen = [...several.querySelectorAll("input:checked")].map((box) => box.value);
      several.querySelector("summary span").textContent = chosen.length === 0 ? "any" : chosen.length <= 2 ? chosen.join(", ") : `${chosen.length} chosen`;
    });
  }

  const format = document.getElementById("export-format");
  format?.addEventListener("change", () => {
    document.getElementById("export-told").textContent = format.selectedOptions[0].dataset.told;
  });
})();
