#include "report/page_assets.h"

#include "report/plot_style.h"

namespace crossloom {

std::string_view page_css() {
  return "*{box-sizing:border-box}body{margin:0 auto;max-width:1000px;padding:12px;background:var(--paper);color:var(--ink);"
         "font:15px/1.45 system-ui,sans-serif}h1{font-size:24px;overflow-wrap:anywhere}h2{font-size:18px;margin-top:32px}"
         ".scroll{overflow-x:auto}table{border-collapse:collapse}th,td{padding:3px 10px;text-align:right;white-space:nowrap;"
         "border-bottom:1px solid var(--faint)}th:first-child,td:first-child{text-align:left}"
         "th button{all:unset;cursor:pointer;text-decoration:underline dotted}th button:focus-visible{outline:2px solid}"
         "th[aria-sort=ascending] button::after{content:' \\25B2'}th[aria-sort=descending] button::after{content:' \\25BC'}"
         "pre{font-size:12px;overflow-x:auto}select,.controls button{font:inherit;color:var(--ink);"
         "background:var(--empty);border:1px solid var(--faint);border-radius:4px;padding:3px 8px;max-width:100%}"
         "figure{margin:0}figcaption{font-size:13px}#tip{position:fixed;display:none;pointer-events:none;max-width:320px;"
         "padding:4px 8px;background:var(--ink);color:var(--paper);font-size:12px;border-radius:4px;white-space:pre-line}"
         "#crossbars svg.plot{max-width:100%;height:auto}"
         "@media(max-width:600px){#crossbars svg.plot{max-width:none}#headline{font-size:13px}"
         "#headline td{white-space:normal;overflow-wrap:anywhere;padding:3px 4px}}"
         "@media print{.controls,#tip{display:none}body{max-width:none}"
         "h2{break-after:avoid-page}figure,tr{break-inside:avoid-page}"
         ".scroll,pre{overflow:visible}pre{white-space:pre-wrap}svg.plot{max-width:100%;height:auto}"
         "table{font-size:9px}th,td{padding:2px 4px;white-space:normal}"
         "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";
}

void open_page_head(Markup& page, std::string_view title) {
  page.open("html", {{"xmlns", "http://www.w3.org/1999/xhtml"}, {"lang", "en"}}).open("head");
  page.element("meta", {{"charset", "utf-8"}});
  page.element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.element("title", {}, title);
  page.open("style").embed(plot_css()).embed(page_css()).close();
}

std::string_view page_script() {
  return R"js((function () {
var byId = function (id) { return document.getElementById(id); };
var layer = byId('layer'), tile = byId('tile'), css = byId('filter'), tip = byId('tip');
var svg = document.querySelector('#crossbars svg');
var data = JSON.parse(byId('blocks').textContent);
var full = svg.getAttribute('viewBox').split(' ').map(Number), fullHeight = svg.getAttribute('height');
var shown = null;

// The box at full width below the legend, which stays where it is.
function enlarge(box) {
  var top = svg.querySelector('g.section').getBBox().y;
  var bounds = box.getBBox();
  var scale = Math.min((full[2] - 16) / bounds.width, 8);
  box.setAttribute('transform', 'translate(' + (8 - bounds.x * scale) + ' ' + (top - bounds.y * scale) + ') scale(' + scale + ')');
  var height = top + bounds.height * scale + 8;
  svg.setAttribute('viewBox', '0 0 ' + full[2] + ' ' + height);
  svg.setAttribute('height', height);
}

function apply() {
  var text = '';
  if (shown) {
    shown.removeAttribute('transform');
    svg.setAttribute('viewBox', full.join(' '));
    svg.setAttribute('height', fullHeight);
    shown = null;
  }
  if (layer.value !== '') {
    text += '#crossbars path.edge{opacity:.07}#crossbars path.g' + layer.value + '{opacity:1}';
  }
  css.textContent = text;
  if (tile.value !== '') {
    shown = svg.querySelector('g.s' + tile.value);
    enlarge(shown);
    text += '#crossbars path.edge{stroke-width:.5}#crossbars g.section{display:none}#crossbars g.s' + tile.value + '{display:inline}';
  }
  css.textContent = text;
}

function words(panel, row, column) {
  var used = 0, text = '';
  for (var i = 1; panel.length > i; i += 8) {
    var height = panel[i + 4], width = panel[i + 5], top = panel[i + 6], left = panel[i + 7];
    used += height * width;
    if (row >= top) if (column >= left) if (top + height > row) if (left + width > column) {
      text = data.layers[panel[i]] + ', copy ' + panel[i + 1] + '\nrows ' + panel[i + 2] + '-' + (panel[i + 2] + height - 1) +
        ', columns ' + panel[i + 3] + '-' + (panel[i + 3] + width - 1) + ' of its matrix\n';
    }
  }
  return text + 'crossbar ' + panel[0] + ': ' + (used / (data.rows * data.columns)).toPrecision(4) + ' of its weights used';
}

function hover(event) {
  tip.style.display = 'none';
  var box = event.target.closest('#crossbars g.section');
  if (!box) return;
  var inner = box.querySelector('g[data-columns]'), of = function (name) { return Number(inner.getAttribute('data-' + name)); };
  var at = new DOMPoint(event.clientX, event.clientY).matrixTransform(inner.getScreenCTM().inverse());
  var number = box.getAttribute('class').slice('section s'.length);
  var panel = data.tiles[number][Math.floor(at.y / of('pitch-y')) * of('columns') + Math.floor(at.x / of('pitch-x'))];
  if (!panel) return;
  tip.textContent = words(panel, at.y % of('pitch-y'), at.x % of('pitch-x')) + ', tile ' + number;
  tip.style.display = 'block';
  tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 4)) + 'px';
  tip.style.top = Math.max(4, Math.min(event.clientY + 12, innerHeight - tip.offsetHeight - 4)) + 'px';
}

function sort(head) {
  var body = head.closest('table').tBodies[0], column = head.cellIndex;
  var sign = head.getAttribute('aria-sort') === 'descending' ? 1 : -1;
  head.parentNode.querySelectorAll('th').forEach(function (other) { other.removeAttribute('aria-sort'); });
  head.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
  var value = function (row) { return row.cells[column].getAttribute('data-value'); };
  var isNumber = head.getAttribute('data-kind') === 'number';
  Array.from(body.rows).sort(function (a, b) {
    return sign * (isNumber ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b)));
  }).forEach(function (row) { body.appendChild(row); });
}

layer.addEventListener('change', apply);
tile.addEventListener('change', apply);
byId('all').addEventListener('click', function () { layer.value = ''; tile.value = ''; apply(); });
svg.addEventListener('pointermove', hover);
svg.addEventListener('pointerleave', function () { tip.style.display = 'none'; });
document.querySelectorAll('th button').forEach(function (button) {
  button.addEventListener('click', function () { sort(button.closest('th')); });
});
})();)js";
}

}  // namespace crossloom
