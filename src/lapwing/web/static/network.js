// The focus or the pointer on an actor shows its ties alone.
(() => {
  "use strict";

  const drawing = document.getElementById("network");
  if (!drawing) return;
  const frame = drawing.parentElement;
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;

  const single = (code) => {
    drawing.classList.toggle("single", code !== null);
    const met = new Set([code]);
    for (const bow of drawing.querySelectorAll(".bow")) {
      const ends = bow.dataset.ends.split(" ");
      const shown = ends.includes(code);
      bow.classList.toggle("shown", shown);
      if (shown) for (const end of ends) met.add(end);
    }
    for (const node of drawing.querySelectorAll(".node")) node.classList.toggle("shown", met.has(node.dataset.code));
  };

  for (const node of drawing.querySelectorAll(".node")) {
    node.addEventListener("pointerenter", () => single(node.dataset.code));
    node.addEventListener("pointerleave", () => single(null));
    node.addEventListener("focus", () => single(node.dataset.code));
    node.addEventListener("blur", () => single(null));
  }
})();
