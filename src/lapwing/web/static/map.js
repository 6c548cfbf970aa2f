// The map without loading the page anew: links of the map and the sliders fetch its drawing, and so does the page when it opens. Without
// this script the links and the form do the same. Dragging moves, the wheel (with Ctrl, or on the map when it has the focus) zooms.
(() => {
  "use strict";

  const part = () => document.getElementById("mapped");
  let asked = 0;

  const show = async (address, { keep = true, focus } = {}) => {
    const turn = ++asked;
    part().setAttribute("aria-busy", "true");
    const { search, searchParams } = new URL(address, location.href);
    const answer = await fetch(`/map/drawing${search}`, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (!answer.ok) { location.assign(address); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return;
    part().replaceWith(page.getElementById("mapped"));
    for (const name of ["since", "until"]) {
      const field = document.getElementById(`ask-${name}`);
      if (field) field.value = searchParams.get(name) ?? "";
    }
    if (keep) history.pushState(null, "", address);
    begin();
    if (focus) document.querySelector(focus)?.focus();
    window.lapwing.say(document.getElementById("map").getAttribute("aria-label"));
  };

  const withParameters = (changes) => {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    return address;
  };

  // ── moving ──
  const box = () => part().dataset.box.split(",").map(Number);

  const boxAfter = (dx, dy, zoom, atX, atY) => {
    // dx, dy: how far the drawing was dragged, atX, atY: where it is zoomed, all as shares of what is shown
    const [west, south, east, north] = box();
    const wide = east - west, high = north - south;
    const left = west - dx * wide + atX * wide * (1 - 1 / zoom), top = north + dy * high - atY * high * (1 - 1 / zoom);
    return [left, top - high / zoom, left + wide / zoom, top];
  };

  const goTo = ([west, south, east, north]) => {
    if (east - west > 360 || north - south > 170) return show(withParameters({ box: null }));
    const told = [Math.max(west, -360), Math.max(south, -90), Math.min(east, 540), Math.min(north, 90)];
    return show(withParameters({ box: told.map((value) => value.toFixed(3)).join(",") }));
  };

  const beginDragging = (svg) => {
    let from = null, moved = false;
    const share = (event) => {
      const shown = svg.getBoundingClientRect();
      const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      const scale = Math.max(shown.width / width, shown.height / height);
      return [
        ((event.clientX - shown.left - shown.width / 2) / scale + width / 2) / width,
        ((event.clientY - shown.top - shown.height / 2) / scale + height / 2) / height,
      ];
    };
    const groups = () => svg.querySelectorAll(":scope > g");
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      from = share(event);
      moved = false;
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const now = share(event), dx = now[0] - from[0], dy = now[1] - from[1];
      if (!moved && Math.hypot(dx, dy) < 0.006) return;
      if (!moved) svg.setPointerCapture(event.pointerId);
      moved = true;
      svg.classList.add("dragged");
      const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      for (const group of groups()) group.setAttribute("transform", `translate(${dx * width} ${dy * height})`);
    });
    svg.addEventListener("pointerup", (event) => {
      if (from && moved) {
        const now = share(event);
        goTo(boxAfter(now[0] - from[0], now[1] - from[1], 1, 0, 0));
      }
      from = null;
    });
    svg.addEventListener("pointercancel", () => { from = null; });
    svg.addEventListener("click", (event) => { if (moved) { event.preventDefault(); event.stopPropagation(); moved = false; } }, true);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !svg.contains(document.activeElement)) return;
      event.preventDefault();
      if (svg.dataset.zooming) return;
      svg.dataset.zooming = "yes";
      goTo(boxAfter(0, 0, event.deltaY < 0 ? 1.6 : 1 / 1.6, ...share(event)));
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => {
      if (event.target.closest("a")) return;
      goTo(boxAfter(0, 0, 2, ...share(event)));
    });
  };

  // ── time ──
  const beginTime = () => {
    const time = document.getElementById("time");
    if (!time) return;
    const months = time.dataset.months.split(",").map((day) => day.slice(0, 7));
    const since = time.querySelector("#slide-since"), until = time.querySelector("#slide-until");
    time.querySelector(".sliders").hidden = false;
    const tell = () => {
      const [a, b] = [Number(since.value), Number(until.value)];
      for (const [slider, at] of [[since, a], [until, b]]) {
        slider.nextElementSibling.textContent = months[at];
        slider.setAttribute("aria-valuetext", months[at]);
      }
      time.querySelectorAll(".month").forEach((bar, at) => bar.classList.toggle("within", at >= a && at <= b));
    };
    const ask = (focus) => show(withParameters({ since: months[since.value], until: months[until.value] }), { focus });
    since.addEventListener("input", () => { if (Number(since.value) > Number(until.value)) until.value = since.value; tell(); });
    until.addEventListener("input", () => { if (Number(until.value) < Number(since.value)) since.value = until.value; tell(); });
    since.addEventListener("change", () => ask("#slide-since"));
    until.addEventListener("change", () => ask("#slide-until"));
    const shift = (sign, focus) => {
      const a = Number(since.value), b = Number(until.value), long = b - a + 1;
      const by = Math.max(-a, Math.min(months.length - 1 - b, sign * long));
      if (by === 0) return;
      since.value = a + by;
      until.value = b + by;
      tell();
      ask(focus);
    };
    time.querySelector("#slide-back").addEventListener("click", () => shift(-1, "#slide-back"));
    time.querySelector("#slide-on").addEventListener("click", () => shift(1, "#slide-on"));
    tell();
  };

  const begin = () => {
    const svg = document.getElementById("map");
    if (svg) beginDragging(svg);
    beginTime();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#mapped a[data-map]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const key = link.dataset.map;
    show(new URL(link.getAttribute("href"), location.href), { focus: key === "part" ? "#map a" : `[data-map="${key}"]` });
  });

  const fail = () => {
    const place = document.querySelector("#mapped.awaited");
    if (!place) return;
    place.removeAttribute("aria-busy");
    place.querySelector("p").firstChild.textContent = "The map could not be drawn: the server failed or was not reached. ";
    window.lapwing.say("The map could not be drawn.");
  };
  const drawFirst = async (place) => {
    const turn = ++asked;
    try {
      const answer = await fetch(place.dataset.drawing, { headers: { Accept: "text/html", "HX-Request": "true" } });
      const drawn = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("mapped");
      if (turn !== asked) return;
      if (!drawn) { fail(); return; }
      place.replaceWith(drawn);
      begin();
    } catch { fail(); }
  };

  window.addEventListener("popstate", () => show(location.href, { keep: false }));
  const awaited = document.querySelector("#mapped.awaited");
  if (awaited) drawFirst(awaited); else begin();
})();
