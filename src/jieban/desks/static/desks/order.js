// An order on one screen: what a form still lacks, files that are too large, and pictures large, a pair side by side.
"use strict";

(() => {
  // What is written counts as the act counts it: characters that can be seen.
  const written = (text) => [...text].filter((mark) => !/[\s\p{C}]/u.test(mark)).length;

  const value = (form, name) => {
    const found = form.elements.namedItem(name);
    if (!found) return "";
    if (found.type === "checkbox") return found.checked ? "on" : "";
    return found.value || "";
  };

  const lacks = (form, need) => {
    if (need.dataset.when && !need.dataset.values.split(" ").includes(value(form, need.dataset.when))) return false;
    if (!need.dataset.field) return !("there" in need.dataset);
    const field = form.elements.namedItem(need.dataset.field);
    const length = field && field.tagName === "SELECT" ? (field.value ? Number(need.dataset.least) : 0) : written(value(form, need.dataset.field));
    return length < Number(need.dataset.least) && ("wanted" in need.dataset || length > 0);
  };

  const look = (form) => {
    const box = form.querySelector("[data-needs]");
    if (!box) return;
    box.hidden = false;
    let left = 0;
    for (const need of box.querySelectorAll("li")) {
      need.hidden = !lacks(form, need);
      if (!need.hidden) left += 1;
    }
    box.querySelector("[data-complete]").hidden = left > 0;
    box.querySelector("strong").hidden = left === 0;
    // What doesn't fit its line unfolds under the pointer, and for the keyboard where it is one more stop.
    const list = box.querySelector("ul");
    list.tabIndex = list.scrollWidth > list.clientWidth ? 0 : -1;
  };

  const size = (bytes) => (bytes < 2 ** 20 ? `${Math.max(1, Math.floor(bytes / 2 ** 10))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`);

  const chosen = (form) => {
    const files = form.querySelector("input[type=file]");
    const kind = form.querySelector("select[name=kind]");
    if (!files || !kind) return;
    const option = kind.selectedOptions[0];
    files.accept = (option && option.dataset.accept) || "";
    const each = option && option.dataset.most ? Number(option.dataset.most) * 2 ** 20 : Infinity;
    const all = [...files.files];
    const whole = all.reduce((sum, file) => sum + file.size, 0);
    const tooLarge = all.filter((file) => file.size > each).map((file) => file.name);
    const said = tooLarge.length ? tooLarge : whole > Number(form.dataset.most) ? [form.dataset.tooLarge] : [];
    files.setCustomValidity(said.length ? (tooLarge.length ? `${option.textContent}:${said.join("、")}` : said[0]) : "");
    const hint = form.querySelector("[data-chosen]");
    if (hint) hint.replaceChildren(...all.map((file) => {
      const line = document.createElement("li");
      line.textContent = `${size(file.size)} ${file.name}`;
      line.title = file.name;
      return line;
    }));
  };

  const refresh = (root) => {
    for (const form of root.querySelectorAll("form")) {
      look(form);
      if (form.dataset.most) chosen(form);
    }
  };
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest("form");
      if (!form) return;
      look(form);
      if (form.dataset.most) chosen(form);
    });
  }
  document.addEventListener("htmx:afterSwap", (event) => refresh(event.detail.target));
  refresh(document);

  // Pictures: the pair that one belongs to, or itself; arrows go on, Escape goes back.
  let dialog = null;
  let sets = [];
  let at = 0;
  const draw = () => {
    const seen = dialog.querySelector(".seen");
    seen.replaceChildren(...sets[at].map((link) => {
      const picture = document.createElement("img");
      picture.src = link.href;
      picture.alt = link.querySelector("img").alt;
      return picture;
    }));
    dialog.querySelector("strong").textContent = sets[at].map((link) => link.querySelector("img").alt).join("  |  ");
  };
  const go = (by) => {
    at = (at + by + sets.length) % sets.length;
    draw();
  };
  const make = () => {
    dialog = document.createElement("dialog");
    dialog.className = "look";
    const bar = document.createElement("div");
    bar.className = "bar";
    const name = document.createElement("strong");
    bar.append(name);
    for (const [text, label, act] of [["←", "上一组", () => go(-1)], ["→", "下一组", () => go(1)], ["✕", "关闭", () => dialog.close()]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      bar.append(button);
    }
    const seen = document.createElement("div");
    seen.className = "seen";
    dialog.append(bar, seen);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") go(-1);
      if (event.key === "ArrowRight") go(1);
    });
    document.body.append(dialog);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-look]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    const card = link.closest(".evidence");
    sets = [];
    for (const each of card.querySelectorAll("a[data-look]")) {
      const pair = each.closest(".pair");
      if (!pair) sets.push([each]);
      else if (pair.querySelector("a[data-look]") === each) sets.push([...pair.querySelectorAll("a[data-look]")]);
    }
    at = sets.findIndex((set) => set.includes(link));
    if (!dialog) make();
    draw();
    dialog.showModal();
  });
})();
