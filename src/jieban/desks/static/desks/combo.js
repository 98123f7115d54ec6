// A list that is chosen from by typing: any `select[data-combo]`, by name or by another spelling (`data-also`).
// Without this script it is the plain list that it was.
"use strict";

(() => {
  const MOST = 60;
  let made = 0;

  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

  function choicesOf(select) {
    return [...select.options].filter((each) => each.value).map((each) => {
      const group = each.parentElement.tagName === "OPTGROUP" ? each.parentElement.label : "";
      const also = (each.dataset.also || "").split("|").filter(Boolean);
      return {
        value: each.value,
        name: each.text,
        shown: group && group !== each.text ? `${group} · ${each.text}` : each.text,
        first: fold(each.text),
        group: fold(group),
        words: [each.text, ...also].map(fold),
        also,
      };
    });
  }

  // The better a choice fits, the lower; Infinity where it doesn't.
  function rank(choice, typed) {
    if (choice.words.includes(typed)) return 0;
    if (choice.first.startsWith(typed)) return 1;
    if (choice.words.some((word) => word.startsWith(typed))) return 2;
    if (choice.words.some((word) => word.includes(typed))) return 3;
    return choice.group.includes(typed) ? 4 : Infinity;
  }

  function found(choices, text) {
    const typed = fold(text);
    if (!typed) return choices.slice(0, MOST * 4);
    return choices
      .map((choice, at) => ({ choice, at, rank: rank(choice, typed) }))
      .filter((each) => each.rank < Infinity)
      .sort((one, other) => one.rank - other.rank || one.at - other.at)
      .slice(0, MOST)
      .map((each) => each.choice);
  }

  function enhance(select) {
    const own = `combo-${(made += 1)}`;
    const choices = choicesOf(select);
    const box = document.createElement("div");
    const input = document.createElement("input");
    const list = document.createElement("ul");
    const none = document.createElement("div");
    none.className = "none";
    none.setAttribute("role", "status");
    box.className = "combo";
    list.id = own;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    for (const [name, value] of Object.entries({
      id: select.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": own,
    })) input.setAttribute(name, value);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    select.id += "-list";
    select.hidden = true;
    select.tabIndex = -1;
    select.before(box);
    box.append(input, list, none, select);
    const label = document.querySelector(`label[for="${input.id}"]`);
    if (label) {
      label.id = label.id || `${own}-label`;
      list.setAttribute("aria-labelledby", label.id);
    }

    let shown = [];
    let at = -1;
    const chosen = () => choices.find((each) => each.value === select.value);
    const write = () => { input.value = chosen() ? chosen().shown : ""; };

    function mark(next) {
      at = next;
      [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
      const item = list.children[at];
      if (item) {
        input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }

    function open(text) {
      shown = found(choices, text);
      list.replaceChildren(...shown.map((choice, place) => {
        const item = document.createElement("li");
        item.id = `${own}-${place}`;
        item.setAttribute("role", "option");
        item.textContent = choice.shown;
        const typed = fold(text);
        const by = typed && choice.also.find((each) => fold(each).includes(typed) && !choice.first.includes(typed));
        if (by) {
          const said = document.createElement("span");
          said.className = "quiet small";
          said.textContent = ` ${by}`;
          item.append(said);
        }
        return item;
      }));
      list.hidden = !shown.length;
      none.textContent = fold(text) && !shown.length ? "没有找到，请换个说法。" : "";
      input.setAttribute("aria-expanded", String(!list.hidden));
      list.classList.toggle("above", input.getBoundingClientRect().bottom + list.offsetHeight > innerHeight);
      const now = shown.findIndex((each) => each.value === select.value);
      mark(text ? (shown.length ? 0 : -1) : now);
    }

    function close() {
      list.hidden = true;
      none.textContent = "";
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(choice) {
      const before = select.value;
      select.value = choice ? choice.value : "";
      write();
      close();
      if (select.value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    const settled = () => input.value === (chosen() ? chosen().shown : "");

    input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (list.hidden) open(""); });
    input.addEventListener("blur", () => {
      if (!settled()) {
        if (!input.value.trim()) choose(null);
        else if (shown.length === 1) choose(shown[0]);
        else write();
      }
      close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
      if (event.key in moves) {
        event.preventDefault();
        if (list.hidden) open(settled() ? "" : input.value);
        else mark(Math.max(0, Math.min(shown.length - 1, at + moves[event.key])));
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        write();
        close();
      } else if (event.key === "Enter" || event.key === "Tab") {
        if (!input.value.trim()) choose(null);
        else if (!list.hidden && at >= 0 && (!settled() || event.key === "Enter")) choose(shown[at]);
        else close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) choose(shown[[...list.children].indexOf(item)]);
    });
    // What else sets the list says so.
    select.addEventListener("set", write);
    write();
  }

  function all(root) {
    for (const select of root.querySelectorAll("select[data-combo]:not([hidden])")) enhance(select);
  }

  all(document);
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
