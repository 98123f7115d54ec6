// What is half written in an act's form is kept in this browser, as a call's is: a lost connection, a closed tab or a
// reload loses nothing. Put back when the form is opened again by the same person, gone once it was done or given up;
// `leave.js` takes all of it away at sign-out.
"use strict";

(() => {
  const SENT = "jieban:act-sent";
  const drafts = window.jiebanDrafts("act");
  const account = document.body.dataset.account;
  if (!account) return;

  const plain = (field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type);
  const changed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected && (option.selected || option.defaultSelected));
    return field.value !== field.defaultValue;
  };
  const fields = (form) => [...form.elements].filter(plain);
  const touched = (form) => fields(form).some(changed);
  const idOf = (form) => `${form.getAttribute("action")} ${form.elements.handling ? form.elements.handling.value : ""}`;
  const drop = (form) => drafts.drop(account, idOf(form));

  drafts.tidy(account);

  const keep = (form) => {
    if (!touched(form)) return drop(form);
    const values = fields(form).map((field) => ({
      name: field.name,
      value: field.value,
      checked: Boolean(field.checked),
      chosen: field.options ? [...field.options].filter((option) => option.selected).map((option) => option.value) : null,
    }));
    // Where there is no room for it, what is written stands in the form all the same.
    drafts.keep(account, idOf(form), values);
  };

  const fill = (form, values) => {
    const taken = new Set();
    const astray = [];
    for (const said of values) {
      const field = fields(form).find((each) => each.name === said.name && !taken.has(each) && (!["checkbox", "radio"].includes(each.type) || each.value === said.value));
      if (!field) {
        if (said.value && !said.chosen) astray.push(said.value);
        continue;
      }
      taken.add(field);
      if (field.options) for (const option of field.options) option.selected = said.chosen.includes(option.value);
      else if (field.type === "checkbox" || field.type === "radio") field.checked = said.checked;
      else field.value = said.value;
    }
    for (const field of taken) for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    return astray;
  };

  const say = (form, astray) => {
    const told = document.createElement("p");
    told.className = "notice apart";
    told.dataset.held = "";
    told.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = ["已恢复上次没有提交的内容。", ...astray].join(" ");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "不要了";
    button.addEventListener("click", () => {
      form.reset();
      for (const field of fields(form)) for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
      drop(form);
      told.remove();
    });
    told.append(words, button);
    form.prepend(told);
  };

  const begin = (root) => {
    for (const form of root.querySelectorAll("form[data-act]")) {
      const said = drafts.of(account, idOf(form));
      // A form that was refused, or put back already, has what was written; one that asks nothing carries it along.
      if (!said || !fields(form).length || touched(form) || form.querySelector("[data-held], [aria-invalid=true], [role=alert]")) continue;
      const astray = fill(form, said.values);
      if (touched(form) || astray.length) say(form, astray);
    }
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest("form[data-act]");
      if (form && event.target.name) keep(form);
    });
  }
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("a[data-cancel]");
    const form = cancel && cancel.closest("form[data-act]");
    if (form) drop(form);
  });
  // With scripts the answer says whether it was done.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, verb } = event.detail.requestConfig; // the form itself is out of the page by now
    const form = elt.closest("form[data-act]");
    if (form && verb === "post" && event.detail.xhr.status === 200) drop(form);
  });
  // A form that leaves with its page was taken when the next page says so.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-act]") && !event.target.hasAttribute("hx-post")) sessionStorage.setItem(SENT, idOf(event.target));
  });
  const sent = sessionStorage.getItem(SENT);
  if (sent && document.querySelector(".told")) drafts.drop(account, sent);
  sessionStorage.removeItem(SENT);

  // After live.js, which puts back what was left on this page or before a sign-in.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "act" && event.detail.requestConfig.verb === "get") begin(event.detail.target);
  });
  begin(document);
})();
