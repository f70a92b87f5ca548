#include "compiler/packing/packing.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {

namespace {

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args) {
  throw UserError("packing: " + fmt::format(text, std::forward<Args>(args)...));
}

void check_rules(const PackingProblem& problem) {
  if (problem.crossbar_rows < 1 || problem.crossbar_cols < 1) {
    fail("a crossbar has {} x {} weights, allowed 1 x 1 and more", problem.crossbar_rows, problem.crossbar_cols);
  }
  if (problem.num_crossbars < 0) fail("the budget is {} crossbars, allowed 0 and more", problem.num_crossbars);
  if (problem.max_blocks_per_crossbar < 0) {
    fail("max_blocks_per_crossbar is {}, allowed 0 (no cap) and more", problem.max_blocks_per_crossbar);
  }
  if (problem.conflict_distance < -1) {
    fail("conflict_distance is {}, allowed -1 (all may share) and more", problem.conflict_distance);
  }
}

void check_item(const PackingProblem& problem, std::size_t index) {
  const PackingItem& item = problem.items[index];
  if (item.layer < 0) fail("block {} is of layer {}, allowed 0 and more", index, item.layer);
  if (item.rows < 1 || item.cols < 1) {
    fail("block {} has {} x {} weights, allowed 1 x 1 and more", index, item.rows, item.cols);
  }
  if (item.rows > problem.crossbar_rows || item.cols > problem.crossbar_cols) {
    fail("block {} has {} x {} weights, a crossbar {} x {}", index, item.rows, item.cols, problem.crossbar_rows,
         problem.crossbar_cols);
  }
}

}  // namespace

void check(const PackingProblem& problem) {
  check_rules(problem);
  for (std::size_t i = 0; i < problem.items.size(); ++i) check_item(problem, i);
  // No block is larger than a crossbar, so no sum of areas overflows when this does not.
  const std::int64_t crossbar_area = checked_mul(problem.crossbar_rows, problem.crossbar_cols, "packing: area of a crossbar");
  static_cast<void>(
      checked_mul(crossbar_area, static_cast<std::int64_t>(problem.items.size()), "packing: area of a crossbar a block"));
}

std::int64_t area_lower_bound(const PackingProblem& problem) {
  std::int64_t area = 0;
  for (const PackingItem& item : problem.items) area += item.rows * item.cols;
  return ceil_div(area, problem.crossbar_rows * problem.crossbar_cols);
}

}  // namespace crossloom
