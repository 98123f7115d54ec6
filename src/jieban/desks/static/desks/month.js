// Draws the charts whose options stand in the page, opens what a row is made of, and keeps still what did not change.
"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const NARROW = 480;
  // As in month.css: a table that is longer shows twelve rows on a telephone until one wants all.
  const LONG = 14;
  // As in month.css: a wall shows all at once, and is read from afar.
  const wall = matchMedia("(min-width: 1600px) and (min-height: 900px)");
  const drawn = new Map();

  const undraw = () => {
    for (const instance of drawn.values()) instance.dispose();
    drawn.clear();
  };

  const draw = () => {
    const data = document.getElementById("charts");
    undraw();
    if (!data || typeof echarts === "undefined") return;
    const charts = JSON.parse(data.textContent);
    const family = getComputedStyle(document.body).fontFamily;
    for (const place of document.querySelectorAll("[data-chart]")) {
      const option = structuredClone(dark.matches ? charts[place.dataset.chart].dark : charts[place.dataset.chart].light);
      const onWall = document.body.classList.contains("wall") && wall.matches;
      const relabel = (node) => {
        if (node === null || typeof node !== "object") return;
        if ("fontFamily" in node) node.fontFamily = family;
        if (onWall && typeof node.fontSize === "number") node.fontSize += 3;
        Object.values(node).forEach(relabel);
      };
      relabel(option);
      const [across] = [option.xAxis].flat();
      const [names, ...values] = [option.yAxis].flat();
      for (const axis of [across, names]) {
        if (axis.type === "value") axis.axisLabel.formatter = String;
      }
      // Words drawn on the canvas: a box of markup would bring styles that the page's policy forbids.
      option.tooltip = { ...option.tooltip, renderMode: "richText", confine: true, formatter: (item) => (item.data && item.data.tip) || item.name };
      if (place.clientWidth < NARROW) {
        if (names.type === "category") Object.assign(names.axisLabel, { width: 92, overflow: "break", fontSize: 11 });
        for (const axis of values) axis.axisLabel.fontSize = 11;
        if (across.type === "category") Object.assign(across.axisLabel, { interval: "auto", rotate: 0, hideOverlap: true, fontSize: 11 });
      }
      place.style.height = onWall ? "" : `${place.dataset.height}px`;
      const instance = echarts.init(place, null, { renderer: "canvas" });
      instance.setOption(option);
      drawn.set(place, instance);
    }
  };

  // Without this script every row stands open; with it one opens what one wants to see.
  const fold = () => {
    for (const button of document.querySelectorAll("button[data-whole][hidden]")) {
      const table = button.previousElementSibling;
      if (table.tBodies.length <= LONG) continue;
      table.classList.add("cut");
      button.hidden = false;
    }
    for (const button of document.querySelectorAll("button[data-deeper][hidden]")) {
      button.hidden = false;
      button.nextElementSibling.remove();
      button.closest("tbody").classList.add("closed");
    }
  };

  // A map that is wider than its window begins where most is.
  const turn = () => {
    for (const wide of document.querySelectorAll(".places .wide")) {
      const map = [...wide.querySelectorAll("svg")].find((each) => each.getClientRects().length);
      const most = map && (map.querySelector(".heat-5") || map.querySelector(".heat-4"));
      if (!most || wide.scrollWidth <= wide.clientWidth) continue;
      const [place, window] = [most.getBoundingClientRect(), wide.getBoundingClientRect()];
      wide.scrollLeft += place.left + place.width / 2 - window.left - window.width / 2;
    }
  };

  const ready = () => {
    fold();
    draw();
    turn();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-deeper], button[data-whole]");
    if (!button) return;
    if ("whole" in button.dataset) {
      const table = button.previousElementSibling;
      const next = table.querySelector("tbody:nth-of-type(13) :is(a, button)");
      table.classList.remove("cut");
      button.hidden = true;
      if (next) next.focus();
      return;
    }
    const closed = button.closest("tbody").classList.toggle("closed");
    button.setAttribute("aria-expanded", String(!closed));
  });

  let last = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "figures") return;
    if (event.detail.serverResponse === last) event.detail.shouldSwap = false;
    last = event.detail.serverResponse;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "figures") ready();
  });

  const full = document.querySelector("[data-full-screen]");
  if (full && document.documentElement.requestFullscreen) {
    full.hidden = false;
    full.addEventListener("click", () => document.documentElement.requestFullscreen());
  }
  dark.addEventListener("change", draw);
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 150);
  });
  ready();
})();
