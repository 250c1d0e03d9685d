// Draws every chart of the page from the option that stands beside it as JSON.
// Without this script the data tables say the same.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const charts = new Map(); // box → instance
  let printing = false;

  const colours = JSON.parse(document.getElementById("dark-colours").textContent);

  // option is the option of a box, in the colours of the page as it is now.
  function option(box, isDark) {
    const source = box.parentElement.querySelector('script[type="application/json"].option');
    return JSON.parse(source.textContent, (_, value) => (isDark && colours[value]) || value);
  }

  function draw(box) {
    if (box.clientWidth === 0) return; // inside something closed: drawn when it opens
    charts.get(box)?.dispose();
    const isDark = dark.matches && !printing;
    const chart = echarts.init(box, null, { renderer: "canvas", devicePixelRatio: printing ? 3 : undefined });
    chart.setOption(option(box, isDark));
    charts.set(box, chart);
  }

  function all() {
    for (const box of document.querySelectorAll(".chart")) draw(box);
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const chart = charts.get(target);
      if (!chart) draw(target);
      else if (Math.abs(chart.getWidth() - target.clientWidth) > 1) chart.resize();
    }
  });

  document.documentElement.classList.add("charts");
  for (const box of document.querySelectorAll(".chart")) {
    box.style.height = box.dataset.height + "px";
    resized.observe(box);
  }
  dark.addEventListener("change", all);
  // On paper a chart leaves room for what stands above it on the page, and is drawn
  // about as wide as its place there, so that its words keep their size.
  const inSplit = (box) => box.closest(".split:not(.alone)");
  const paperWidth = (box) => (inSplit(box) ? 430 : 688);
  const paperHeight = (box) => Math.min(box.dataset.height, inSplit(box) ? 270 : 560);
  function print(begins) {
    printing = begins;
    for (const box of document.querySelectorAll(".chart")) {
      box.style.width = begins ? paperWidth(box) + "px" : "";
      box.style.height = (begins ? paperHeight(box) : box.dataset.height) + "px";
    }
    all();
  }
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
})();
