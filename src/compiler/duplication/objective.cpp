#include "compiler/duplication/objective.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "support/config_reader.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr double kMaxWeight = 1e6;

[[noreturn]] void refuse(std::string_view text, const std::string& problem) {
  throw UserError(fmt::format("--objective: {}: {}, allowed: one of {}, or a weighted sum such as latency=0.5,energy=0.5", text,
                              problem, fmt::join(enum_names(ObjectiveKind{}), ", ")));
}

ObjectiveTerm parse_term(std::string_view term, std::string_view text) {
  const std::size_t equals = term.find('=');
  const std::string_view name = term.substr(0, equals);
  const auto names = enum_names(ObjectiveKind{});
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) refuse(text, fmt::format("\"{}\" is no objective", name));
  ObjectiveTerm result{.kind = static_cast<ObjectiveKind>(found - names.begin())};
  if (equals == std::string_view::npos) return result;
  const std::optional<double> weight = parse_number(term.substr(equals + 1));
  if (!weight || !(*weight > 0.0) || *weight > kMaxWeight)
    refuse(text, fmt::format("\"{}\" is no weight above 0 and up to {:.0f}", term.substr(equals + 1), kMaxWeight));
  result.weight = *weight;
  return result;
}

}  // namespace

std::span<const std::string_view> enum_names(ObjectiveKind) {
  static constexpr auto kNames = std::to_array<std::string_view>({"throughput", "latency", "crossbars", "energy"});
  static_assert(kNames.size() == static_cast<std::size_t>(ObjectiveKind::kEnergy) + 1);
  return kNames;
}

std::vector<ObjectiveTerm> parse_objective(std::string_view text) {
  std::vector<ObjectiveTerm> terms;
  double sum = 0.0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const ObjectiveTerm term = parse_term(text.substr(begin, end - begin), text);
    if (std::ranges::find(terms, term.kind, &ObjectiveTerm::kind) != terms.end()) refuse(text, "an objective stands twice");
    terms.push_back(term);
    sum += term.weight;
    begin = end + 1;
  }
  for (ObjectiveTerm& term : terms) term.weight /= sum;
  return terms;
}

std::string objective_text(std::span<const ObjectiveTerm> terms) {
  const auto names = enum_names(ObjectiveKind{});
  if (terms.size() == 1) return std::string(names[static_cast<std::size_t>(terms.front().kind)]);
  std::string text;
  for (const ObjectiveTerm& term : terms) {
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : ",", names[static_cast<std::size_t>(term.kind)], shortest_text(term.weight));
  }
  return text;
}

}  // namespace crossloom
