#include "nas/shared_evaluation.h"

#include <optional>
#include <string>
#include <string_view>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr char kFailed = '!';  ///< begins the text of a failed evaluation; its reason follows

/// Numbers with all their digits, each followed by a blank.
std::string text_of(std::span<const double> values) {
  std::string text;
  for (const double value : values) text += shortest_text(value) + ' ';
  return text;
}

std::vector<double> values_of(std::string_view text) {
  std::vector<double> values;
  for (std::size_t end = text.find(' '); end != std::string_view::npos; end = text.find(' ')) {
    const std::optional<double> value = parse_number(std::string(text.substr(0, end)));
    if (!value) throw InternalError("a number that a worker sent cannot be read");
    values.push_back(*value);
    text.remove_prefix(end + 1);
  }
  return values;
}

/// Objectives and violations on a line each, or why there are none.
std::string text_of(const Evaluation& evaluation) {
  if (!evaluation.failure.empty()) return kFailed + evaluation.failure;
  return text_of(evaluation.objectives) + '\n' + text_of(evaluation.violations);
}

Evaluation evaluation_of(const std::string& text) {
  if (text.starts_with(kFailed)) return {.failure = text.substr(1)};
  const std::size_t line = text.find('\n');
  if (line == std::string::npos) throw InternalError("an evaluation that a worker sent cannot be read");
  const std::string_view whole = text;
  return {.objectives = values_of(whole.substr(0, line)), .violations = values_of(whole.substr(line + 1))};
}

DoItem evaluator_of(const Problem& problem) {
  return [&problem](const std::string& item) { return text_of(evaluate_safely(problem, {.values = values_of(item)})); };
}

}  // namespace

std::vector<Evaluation> evaluate_shared(const Problem& problem, std::span<const Genotype> phenotypes, WorkSharing& sharing) {
  std::vector<Evaluation> evaluations;
  evaluations.reserve(phenotypes.size());
  sharing.share(
      static_cast<std::int64_t>(phenotypes.size()),
      [&](std::int64_t index) { return text_of(phenotypes[static_cast<std::size_t>(index)].values); }, evaluator_of(problem),
      [&](std::int64_t, const std::string& result) { evaluations.push_back(evaluation_of(result)); });
  return evaluations;
}

void work_on_search(const Problem& problem, WorkSharing& sharing) { sharing.follow(evaluator_of(problem)); }

}  // namespace crossloom
