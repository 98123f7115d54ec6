"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const NARROW = 520;
  const HEATMAP_LEAST = 640;

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // The words of a chart's item come as text and stay text.
  const words = (item) => {
    const box = document.createElement("div");
    box.textContent = item.data && item.data.tip ? item.data.tip : item.name;
    return box;
  };

  const ROW_LABEL = 11;
  // How many lines the longest row label takes in `width` pixels.
  const labelLines = (names, width) => Math.max(1, ...names.map((name) => Math.ceil((name.length * ROW_LABEL) / width)));

  // On a phone: row labels break and their rows grow, ticks thin out, a ring's words stand beside it.
  const forNarrow = (option, kind, width) => {
    let height = 0;
    if (option.yAxis && option.yAxis.type === "category" && kind !== "heatmap") {
      const room = Math.round(width * 0.34);
      const lines = labelLines(option.yAxis.data, room);
      Object.assign(option.yAxis.axisLabel, { width: room, overflow: "break", fontSize: ROW_LABEL, lineHeight: 13 });
      option.xAxis.splitNumber = 3;
      if (kind === "diverging_bar") option.xAxis.boundaryGap = ["35%", "35%"];
      height = option.yAxis.data.length * (lines * 13 + 8) + 60 + (option.legend ? 34 : 0);
    }
    if (kind === "column" || kind === "line") {
      Object.assign(option.xAxis.axisLabel, { interval: "auto", rotate: 0, hideOverlap: true, fontSize: ROW_LABEL });
      if (option.xAxis.data.length > 12) {
        option.series.forEach((series) => series.data.forEach((item) => { item.label = { show: false }; }));
      }
    }
    if (kind === "donut") {
      const series = option.series[0];
      const tips = new Map(series.data.map((item) => [item.name, item.tip]));
      series.data.forEach((item) => { item.label = { show: false }; item.labelLine = { show: false }; });
      Object.assign(series, { center: ["22%", "50%"], radius: ["26%", "42%"] });
      option.legend = {
        orient: "vertical", left: "46%", top: "middle", itemWidth: 12, itemHeight: 10, icon: "roundRect",
        textStyle: { color: option.textStyle.color, fontSize: 12 },
        formatter: (name) => tips.get(name) || name,
      };
    }
    return height;
  };

  const dress = (chart) => {
    const option = structuredClone(dark.matches ? chart.dark : chart.light);
    const family = getComputedStyle(document.body).fontFamily;
    option.textStyle.fontFamily = family;
    const relabel = (node) => {
      if (node === null || typeof node !== "object") return;
      if ("fontFamily" in node) node.fontFamily = family;
      Object.values(node).forEach(relabel);
    };
    relabel(option);
    option.tooltip = {
      ...option.tooltip, confine: true, formatter: words, padding: [5, 9], borderWidth: 0,
      backgroundColor: token("--ink"),
      textStyle: { color: token("--paper"), fontSize: 13, fontFamily: family },
    };
    for (const axis of [option.xAxis, option.yAxis]) {
      if (axis && axis.type === "value") axis.axisLabel.formatter = String;
    }
    return option;
  };

  const drawn = new Map();
  const draw = (place) => {
    const chart = charts[place.dataset.chart];
    const still = place.parentElement.querySelector(".still") || place.parentElement.parentElement.querySelector(".still");
    place.hidden = false;
    still.style.display = "none";
    if (chart.kind === "heatmap" && !place.parentElement.classList.contains("scroll")) {
      const scroll = document.createElement("div");
      scroll.className = "scroll";
      scroll.tabIndex = 0;
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", place.getAttribute("aria-label"));
      place.replaceWith(scroll);
      scroll.append(place);
      place.style.minWidth = `${HEATMAP_LEAST}px`;
    }
    const option = dress(chart);
    const grown = place.clientWidth < NARROW ? forNarrow(option, chart.kind, place.clientWidth) : 0;
    place.style.height = `${Math.max(grown, Number(place.dataset.height))}px`;
    const old = drawn.get(place);
    if (old) old.instance.dispose();
    const instance = echarts.init(place, null, { renderer: "svg" });
    instance.setOption(option);
    drawn.set(place, { instance, width: place.clientWidth });
  };

  if (typeof echarts !== "undefined") {
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          near.unobserve(entry.target);
          draw(entry.target.querySelector("[data-chart]"));
        }
      }
    }, { rootMargin: "400px" });
    document.querySelectorAll("figure.chart").forEach((figure) => near.observe(figure));
    new ResizeObserver(() => {
      for (const [place, { width }] of drawn) if (place.clientWidth && place.clientWidth !== width) draw(place);
    }).observe(document.querySelector("main"));
    dark.addEventListener("change", () => { for (const place of [...drawn.keys()]) draw(place); });
  }

  // A figure's counting rule: shown by pointing, or by a tap where there is nothing to point with.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  const definitions = JSON.parse(document.getElementById("definitions").textContent);
  document.querySelectorAll("data[data-indicator]").forEach((figure) => {
    const words = definitions[figure.dataset.indicator];
    if (words) figure.dataset.tip = words;
  });
  const show = (event) => {
    const figure = event.target.closest && event.target.closest("data[data-tip]");
    tip.hidden = !figure;
    if (!figure) return;
    tip.textContent = figure.dataset.tip;
    const at = figure.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8));
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 40 ? above : at.bottom + 6}px`;
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("click", show);
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const here = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.3).pop();
    links.forEach((link, id) => {
      if (here && here.id === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
  const contents = document.querySelector(".contents details");
  if (contents && innerWidth < 1024) contents.open = false;
})();
