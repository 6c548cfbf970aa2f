// Pasting, and dropping files and folders. Without scripts the forms work all the same.
(() => {
  "use strict";

  const paste = document.querySelector("[data-paste]");
  const text = document.getElementById("text");
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) paste.requestSubmit();
  });

  document.querySelector("[data-example]").addEventListener("click", async (event) => {
    const answer = await fetch(event.currentTarget.dataset.example);
    text.value = await answer.text();
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  });

  for (const form of document.querySelectorAll("main form")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button:not([type=button])");
      button.disabled = true;
      button.textContent = "Working…";
    });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // ── files ──

  const drop = document.querySelector("[data-drop]");
  const said = drop.querySelector("[data-drop-said]");
  const MOST = 2000;

  const entries = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

  const filesBelow = async (entry, found) => {
    if (found.length >= MOST) return;
    if (entry.isFile) {
      found.push([await fileOf(entry), entry.fullPath.replace(/^\//, "")]);
      return;
    }
    const reader = entry.createReader();
    for (let some = await entries(reader); some.length; some = await entries(reader)) {
      for (const one of some) if (!one.name.startsWith(".")) await filesBelow(one, found);
    }
  };

  const upload = async (found) => {
    const body = new FormData(drop);
    body.delete("files");
    for (const [file, name] of found) body.append("files", file, name);
    const answer = await fetch("/api/v1/submissions/files", { method: "POST", body, headers: { "X-CSRF-Token": lapwing.token() } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail);
    location.assign(`/submissions/${told.id}`);
  };

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("dropping");
  });
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("dropping");
  });
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("dropping");
    const files = [...event.dataTransfer.files]; // gone after the first wait
    const dropped = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    said.textContent = "Reading the folder…";
    try {
      const found = [];
      for (const entry of dropped) await filesBelow(entry, found);
      if (!dropped.length) found.push(...files.map((file) => [file, file.name]));
      if (!found.length) throw new Error("there is no file in what was dropped.");
      said.textContent = `Uploading ${found.length} ${found.length === 1 ? "file" : "files"}…`;
      await upload(found);
    } catch (error) {
      said.textContent = `That did not work: ${error.message}`;
    }
  });
})();
