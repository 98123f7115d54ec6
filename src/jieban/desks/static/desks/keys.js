// Keys: through a queue, into an order and back, and the sheet that names them all. A letter typed into a field is a letter.
"use strict";

(() => {
  const entries = () => [...document.querySelectorAll(".entry")];
  const field = (at) => Boolean(at && at.closest("input, textarea, select, [contenteditable]"));
  const sheet = () => document.getElementById("shortcuts");

  // Where the open order stood: once it has left the queue, one goes on from that place and not from the top.
  let place = -1;
  const note = () => {
    const at = entries().findIndex((entry) => entry.hasAttribute("aria-current"));
    if (at >= 0) place = at;
  };
  const open = (forward) => {
    const all = entries();
    if (!all.length) return;
    const at = all.findIndex((entry) => entry.hasAttribute("aria-current"));
    const to = at >= 0 ? at + (forward ? 1 : -1) : forward ? Math.max(place, 0) : place - 1;
    const next = all[Math.min(Math.max(to, 0), all.length - 1)];
    next.click();
    next.scrollIntoView({ block: "nearest" });
  };
  // Arrows move among the entries without opening any; Enter opens, as it does with every link.
  const step = (entry, forward) => {
    const all = entries();
    const next = all[all.indexOf(entry) + (forward ? 1 : -1)];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const changed = (form) =>
    [...form.elements].some((each) => {
      if (!each.name || each.type === "hidden") return false;
      if (each.type === "checkbox" || each.type === "radio") return each.checked !== each.defaultChecked;
      if (each.options) return [...each.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected) || (each.value && ![...each.options].some((option) => option.defaultSelected) && each.selectedIndex > 0);
      return each.type === "file" ? each.value : each.value !== each.defaultValue;
    });

  // One step back: out of the field, out of a form in which nothing was written, from the order to its queue, to the page before.
  const back = () => {
    const at = document.activeElement;
    const cancel = document.querySelector("#act a[data-cancel], .doing .middle a[data-cancel]");
    const form = cancel && cancel.closest("form");
    if (field(at)) {
      const heading = (form || at.closest("section, main")).parentElement.querySelector("h1, h2");
      if (!heading) return at.blur();
      heading.tabIndex = -1;
      return heading.focus();
    }
    if (form) return changed(form) ? undefined : cancel.click();
    const order = at && at.closest("#order, .right");
    const current = document.querySelector(".middle .entry[aria-current]") || (place >= 0 && entries()[Math.min(place, entries().length - 1)]);
    if (order && current && current.checkVisibility()) return current.focus();
    const link = [...document.querySelectorAll("a.narrow-only[href^='/desk/'], .way-back a, .back a")].find((each) => each.checkVisibility());
    if (link) link.click();
  };

  const show = () => {
    const dialog = sheet();
    if (!dialog || !dialog.showModal) return;
    if (dialog.open) dialog.close();
    else dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const at = document.activeElement;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && event.ctrlKey) {
        const form = at && at.closest("form");
        if (form) form.requestSubmit();
      }
      return;
    }
    if (event.key === "F1" || (event.key === "?" && !field(at))) {
      event.preventDefault();
      show();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !document.getElementById("call")) {
      back();
      return;
    }
    if (field(at)) return;
    if (event.key === "j" || event.key === "k") open(event.key === "j");
    const entry = at && at.closest(".entry");
    if (entry && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(entry, event.key === "ArrowDown");
    }
  });

  document.addEventListener("htmx:beforeSwap", note);
  document.addEventListener("htmx:afterSwap", note);
  note();

  const button = document.querySelector("[data-shortcuts]");
  if (button && sheet()) {
    button.hidden = false;
    button.addEventListener("click", show);
  }
})();
