#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "report/markup.h"
#include "report/plot.h"
#include "sweep/results_table.h"

namespace crossloom {

/// "latency" in "ns" for a column latency_ns.
[[nodiscard]] Axis axis_of(const std::string& column);

[[nodiscard]] bool has_numbers(const ResultsTable& table, std::size_t column);

/// Rows that no other row beats in both columns (less is better), in ascending order of the first; rows without a number in
/// either are none, nor are those that do not count (empty: all do). Of equal rows the first.
using RowFilter = std::function<bool(std::size_t row)>;
[[nodiscard]] std::vector<std::size_t> least_front(const ResultsTable& table, std::size_t x, std::size_t y,
                                                   const RowFilter& counts = {});

/// Points by two columns: a curve of points for each entry of `groups` (names and rows, drawn in their order), without the rows
/// that have no number in either.
struct PointGroup {
  std::string name;
  std::vector<std::size_t> rows;
};
[[nodiscard]] std::string points_svg(const ResultsTable& table, std::size_t x, std::size_t y,
                                     const std::vector<PointGroup>& groups);

/// The table with a filter for each column and rows that can be sorted, under a heading, with the script that does both: the
/// end of a page.
void add_results_table(Markup& page, const ResultsTable& table, std::string_view heading);

}  // namespace crossloom
