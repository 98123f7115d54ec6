// Articles beside an answer: their text goes into it, and which version it was goes along.
"use strict";

(() => {
  const box = (form) => form.querySelector("[data-cites]");
  const field = (form) => box(form).querySelector("input[name=cites]");
  const keys = (form) => (field(form).value ? field(form).value.split(",") : []);

  // Where the text goes: the field that was written in last, of the form to which the button belongs.
  let last = null;
  document.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) last = event.target; });

  function place(form) {
    const answer = form.elements.namedItem("answer");
    if (answer) return answer;
    return last && last.form === form ? last : form.querySelector("textarea");
  }

  const changed = (form, name) => form.dispatchEvent(new CustomEvent(name, { bubbles: true }));

  function cite(button) {
    const { form } = button;
    const text = place(form);
    const said = button.dataset.text;
    if (text && !text.value.includes(said)) {
      text.value = text.value.trim() ? `${text.value.trimEnd()}\n${said}` : said;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (!keys(form).includes(button.dataset.cite)) {
      field(form).value = [...keys(form), button.dataset.cite].join(",");
      const chip = document.createElement("span");
      const drop = document.createElement("button");
      chip.className = "mark";
      chip.dataset.cited = button.dataset.cite;
      chip.append(`${button.dataset.said} `);
      drop.type = "button";
      drop.textContent = "×";
      drop.dataset.uncite = button.dataset.cite;
      drop.setAttribute("aria-label", box(form).dataset.drop);
      chip.append(drop);
      box(form).append(chip);
    }
    changed(form, "jieban:cited");
    if (text) text.focus();
  }

  function uncite(button) {
    const { form } = button;
    field(form).value = keys(form).filter((each) => each !== button.dataset.uncite).join(",");
    button.closest("[data-cited]").remove();
    changed(form, "jieban:uncited");
  }

  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-cite], [data-uncite]");
    if (!at || !at.form || !box(at.form)) return;
    event.preventDefault();
    if (at.dataset.cite) cite(at);
    else uncite(at);
  });
})();
