// The centre's desks: what is ticked stays ticked, choices one can type into, nothing sent twice.
"use strict";

const picked = () => [...document.querySelectorAll("input[name=pick][form=bulk]")];

function tellPicked() {
  const said = document.querySelector("[data-picked]");
  if (!said) return;
  const all = document.querySelector("[data-pick-all]");
  all.closest("label").hidden = false;
  const boxes = picked();
  const count = boxes.filter((box) => box.checked).length;
  if (!said.dataset.none) said.dataset.none = said.textContent;
  said.textContent = count ? said.dataset.picked.replace("{n}", count) : said.dataset.none;
  all.checked = count > 0 && count === boxes.length;
  for (const button of document.querySelectorAll("#bulk button")) button.disabled = count === 0;
}

let ticked = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "queue") ticked = picked().filter((box) => box.checked).map((box) => box.value);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) for (const box of picked()) box.checked = event.target.checked;
  if (event.target.closest("[data-pick-all], input[name=pick]")) tellPicked();
});
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-once]")) setTimeout(() => { button.disabled = true; }, 0);
});

// A select marked data-choose becomes a field to type a name, a short name or an alias into; the select keeps what is sent.
function choose(select) {
  const several = select.multiple;
  const holder = document.createElement("div");
  const chips = document.createElement("div");
  const field = document.createElement("input");
  const list = document.createElement("ul");
  const none = document.createElement("div");
  holder.className = "chooser";
  chips.className = "chips";
  list.id = `${select.id}-list`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  field.type = "text";
  field.id = `${select.id}-typed`;
  field.autocomplete = "off";
  field.placeholder = select.dataset.choose;
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) field.setAttribute(name, value);
  // What is wrong with the choice is wrong with what one types into.
  for (const name of ["aria-invalid", "aria-describedby"]) if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) {
    label.htmlFor = field.id;
    list.setAttribute("aria-label", label.firstChild.textContent.trim());
  }
  none.className = "none";
  none.setAttribute("role", "status");
  if (several) holder.append(chips);
  holder.append(field, list, none);
  select.hidden = true;
  select.required = false;
  select.after(holder);

  const options = [...select.options].filter((option) => option.value);
  let at = -1;
  const shown = () => [...list.children];
  const close = () => { list.hidden = true; none.textContent = ""; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); at = -1; };
  const move = (to) => {
    const items = shown();
    if (!items.length) return;
    at = (to + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    items[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[at].id);
  };
  const tell = () => {
    if (!several) {
      const chosen = select.selectedOptions[0];
      field.value = chosen && chosen.value ? chosen.textContent : "";
      return;
    }
    chips.replaceChildren(...options.filter((option) => option.selected).map((option) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.textContent = `${option.textContent} ×`;
      chip.addEventListener("click", () => { option.selected = false; tell(); field.focus(); });
      return chip;
    }));
    field.value = "";
  };
  const take = (option) => {
    if (!several) select.value = option.value;
    else option.selected = true;
    tell();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const open = () => {
    const typed = field.value.trim().toLowerCase();
    const same = !several && select.selectedOptions[0] && select.selectedOptions[0].textContent === field.value;
    const fits = (option) => !typed || same || `${option.textContent}|${option.dataset.names || ""}`.toLowerCase().includes(typed);
    const begins = (option) => Number(!`|${option.textContent}|${option.dataset.names || ""}`.toLowerCase().includes(`|${typed}`));
    const found = options.filter((option) => fits(option) && !(several && option.selected));
    if (typed && !same) found.sort((one, other) => begins(one) - begins(other));
    list.replaceChildren(...found.map((option, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = option.textContent;
      if (option.parentElement.dataset.suggested !== undefined) {
        const why = document.createElement("span");
        why.className = "quiet small";
        why.textContent = option.parentElement.label;
        item.append(why);
      }
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
      item.option = option;
      return item;
    }));
    list.hidden = found.length === 0;
    none.textContent = typed && !found.length ? "没有找到，请换个说法。" : "";
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (typed && found.length) move(0);
    else at = -1;
  };
  field.addEventListener("focus", () => {
    if (!several) field.select();
    // Who was led here by the page, and not by their own hand, is not shown the list over what they came for.
    if (field.dataset.led === undefined) open();
    delete field.dataset.led;
  });
  field.addEventListener("input", () => { if (!several) select.value = ""; open(); });
  field.addEventListener("blur", () => { close(); tell(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // these keys are the input method's, while it offers characters
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey && !list.hidden && at >= 0) {
      event.preventDefault();
      take(shown()[at].option);
    } else if (event.key === "Tab" && field.value.trim() && !list.hidden && at >= 0) {
      take(shown()[at].option); // what was typed is not dropped on the way to the next field
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && several && !field.value) {
      const last = options.filter((option) => option.selected).pop();
      if (last) { last.selected = false; tell(); open(); }
    }
  });
  select.addEventListener("change", () => { if (document.activeElement !== field) tell(); }); // what is put back shows, too
  tell();
}

function dress(root) {
  for (const select of root.querySelectorAll("select[data-choose]:not([hidden])")) choose(select);
  tellPicked();
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "queue") {
    for (const box of picked()) box.checked = ticked.includes(box.value);
  }
  if (["queue", "found"].includes(event.detail.target.id)) {
    const order = document.querySelector("#order [data-order]");
    for (const entry of document.querySelectorAll(".entry")) {
      if (order && entry.dataset.number === order.dataset.order) entry.setAttribute("aria-current", "true");
    }
  }
  dress(event.detail.target);
});
dress(document);

// On a telephone, what narrows a search folds unless it is in use; elsewhere it stands open, and without scripts everywhere.
const telephone = matchMedia("(max-width: 1023px)");
function foldNarrowing() {
  for (const each of document.querySelectorAll("details[data-narrow]")) each.open = !telephone.matches || each.dataset.narrow === "used";
}
telephone.addEventListener("change", foldNarrowing);
foldNarrowing();
