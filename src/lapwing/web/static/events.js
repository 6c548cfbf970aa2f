// The table by keyboard. Keys work while the focus is in the table, and nowhere else.
(() => {
  "use strict";

  const table = document.getElementById("events");
  if (!table) return;
  const records = [...table.querySelectorAll(".record")];

  const goTo = (record) => {
    if (!record) return;
    for (const one of records) one.tabIndex = one === record ? 0 : -1;
    record.focus();
    record.scrollIntoView({ block: "nearest" });
  };

  const open = (address) => { if (address) location.assign(address); };

  const KEYS = {
    ArrowDown: (at) => goTo(records[at + 1]),
    j: (at) => goTo(records[at + 1]),
    ArrowUp: (at) => goTo(records[at - 1]),
    k: (at) => goTo(records[at - 1]),
    Home: () => goTo(records[0]),
    End: () => goTo(records[records.length - 1]),
    Enter: (at) => open(records[at].dataset.article),
    c: (at) => open(records[at].dataset.cluster),
    ArrowRight: () => open(table.dataset.next),
    ArrowLeft: () => open(table.dataset.previous),
    "/": () => document.getElementById("ask-actor").focus(),
  };

  table.addEventListener("keydown", (event) => {
    const record = event.target.closest(".record");
    const act = KEYS[event.key];
    if (!record || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.closest("a")) return;
    event.preventDefault();
    act(records.indexOf(record));
  });

  table.addEventListener("focusin", (event) => {
    const record = event.target.closest(".record");
    if (record) for (const one of records) one.tabIndex = one === record ? 0 : -1;
  });
})();
