// What pages do beyond their links and forms; the list that keeps the order's row marked. Keys are in keys.js.
"use strict";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
});

// A refusal comes with its page and is shown, as 200 is; one that stands above a form takes the place of the one before.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400 || event.detail.xhr.status === 401) return;
  if (event.detail.xhr.status > 503 && event.detail.xhr.status !== 507) return; // 507: no room for a file
  if (!event.detail.xhr.getResponseHeader("X-Request-ID")) return; // not this house's
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  for (const earlier of event.detail.target.querySelectorAll(":scope > .fault")) earlier.remove();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "order") return;
  const shown = event.detail.target.querySelector("[data-order]");
  const number = shown ? shown.dataset.order : "";
  for (const entry of document.querySelectorAll(".entry")) {
    if (entry.dataset.number === number) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  }
  const desk = document.querySelector(".desk");
  if (desk) desk.classList.toggle("open", Boolean(number));
  const first = event.detail.target.querySelector("[autofocus], h1");
  if (first) first.focus({ preventScroll: true });
});

// One goes on where a form was opened or refused: at what is wrong, else at its first field; at its name on a telephone,
// whose keys would cover it.
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target.id !== "act") return;
  const field = "form.fields :is(input:not([type=hidden]), textarea, select, button.main)";
  const opened = matchMedia("(pointer: coarse)").matches ? "h1, h2" : field;
  let to = target.querySelector("[autofocus]") || target.querySelector("[role=alert]") || target.querySelector("[aria-invalid=true]") || target.querySelector(opened) || target.querySelector("[role=status]");
  if (to && to.hidden && to.matches("select")) to = to.nextElementSibling.querySelector("input"); // one types into it
  if (!to) return;
  if (!to.matches("input, textarea, select, button")) to.tabIndex = -1;
  if (to.getAttribute("role") === "combobox") to.dataset.led = "";
  to.focus();
});

// Beside the order a form is given up without leaving the page, so that nobody loses their place.
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("a[data-cancel]");
  const order = cancel && cancel.closest("[data-order]");
  if (!order || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  cancel.closest("#act").replaceChildren();
  const heading = order.querySelector("h1");
  if (heading) heading.focus({ preventScroll: true });
});

// On a telephone tabs stand in one line, of which the open one is shown; where one went in it, one stays.
let gone = null;
function tabsInSight(within) {
  const tabs = within.querySelector("nav.tabs");
  const open = tabs && tabs.querySelector("[aria-current]");
  if (open) tabs.scrollLeft = gone === null ? open.offsetLeft - (tabs.clientWidth - open.offsetWidth) / 2 : gone;
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const tabs = event.detail.target.querySelector("nav.tabs");
  gone = tabs && tabs.scrollLeft;
});
document.addEventListener("htmx:afterSwap", (event) => tabsInSight(event.detail.target));
tabsInSight(document);

// What can't be taken back is asked about once more, on a page of its own as beside the order.
document.addEventListener("submit", (event) => {
  const sure = event.target.dataset.sure;
  if (sure && !confirm(sure)) event.preventDefault();
});
