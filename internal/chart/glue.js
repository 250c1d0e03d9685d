// What the chart library needs of a browser, and the one function that Go calls.
var setTimeout = function () { return 0; }, clearTimeout = function () {};
var setInterval = function () { return 0; }, clearInterval = function () {};
var console = { log: function () {}, warn: function () {}, error: function () {} };

function __render(json, width, height, paper) {
  var chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: width, height: height });
  try {
    var option = JSON.parse(json);
    option.animation = false;
    option.backgroundColor = paper;
    delete option.tooltip;
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
