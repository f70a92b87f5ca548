#include <fmt/format.h>

#include "compiler/compile.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr double kMaxMultiple = 1e6;

[[noreturn]] void refuse(const std::string& text) {
  throw UserError(
      fmt::format("--crossbars: {}, allowed: a number of crossbars from 1, or a multiple of the fewest needed from 1x to "
                  "{:.0f}x such as 1.5x",
                  text, kMaxMultiple));
}

}  // namespace

CrossbarBudget parse_crossbar_budget(const std::string& text) {
  if (text.ends_with('x')) {
    const std::optional<double> multiple = parse_number(std::string_view(text).substr(0, text.size() - 1));
    if (!multiple || *multiple < 1.0 || *multiple > kMaxMultiple) refuse(text);
    return {.multiple_of_fewest = multiple};
  }
  const std::optional<std::int64_t> count = parse_integer(text);
  if (!count || *count < 1) refuse(text);
  return {.count = count};
}

}  // namespace crossloom
