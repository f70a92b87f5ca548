#include "sweep/sweep_page_script.h"

namespace crossloom {

std::string_view sweep_page_script() {
  return R"js((function () {
var table = document.getElementById('results'), body = table.tBodies[0], shown = document.getElementById('shown');
var heads = Array.from(table.tHead.rows[0].cells), inputs = Array.from(table.querySelectorAll('input'));

// What a filter asks of a cell; bounds are written with the characters of codes 60 (less) and 62 (more).
function asks(text) {
  var word = text.trim(), less = word.charCodeAt(0) === 60, more = word.charCodeAt(0) === 62;
  if (word === '') return null;
  if (!less) if (!more) return function (cell) { return cell.includes(word); };
  var equal = word.charAt(1) === '=', bound = Number(word.slice(equal ? 2 : 1));
  return function (cell) {
    if (cell === '') return false;
    var value = Number(cell);
    return equal ? (value === bound ? true : Math.sign(value - bound) === (less ? -1 : 1)) : Math.sign(value - bound) === (less ? -1 : 1);
  };
}

function filter() {
  var filters = inputs.map(function (input) { return asks(input.value); });
  var count = 0;
  Array.from(body.rows).forEach(function (row) {
    var fits = filters.every(function (ask, i) { return ask === null ? true : ask(row.cells[i].textContent); });
    row.hidden = !fits;
    if (fits) count += 1;
  });
  shown.textContent = count + ' of ' + body.rows.length + ' points. Filters: a part of the text, or a bound such as \u003c= 64.';
}

function sort(head) {
  var column = head.cellIndex, sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
  heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
  head.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
  var isNumber = head.getAttribute('data-kind') === 'number';
  var value = function (row) { return row.cells[column].textContent; };
  Array.from(body.rows).sort(function (a, b) {
    if (value(a) === '') return value(b) === '' ? 0 : 1;
    if (value(b) === '') return -1;
    return sign * (isNumber ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b)));
  }).forEach(function (row) { body.appendChild(row); });
}

inputs.forEach(function (input) { input.addEventListener('input', filter); });
heads.forEach(function (head) { head.querySelector('button').addEventListener('click', function () { sort(head); }); });
filter();
})();)js";
}

}  // namespace crossloom
