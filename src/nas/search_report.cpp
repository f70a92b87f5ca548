#include <algorithm>
#include <cmath>

#include "nas/search.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

void require(std::int64_t value, IntegerRange range, const std::string& name) {
  if (value >= range.min && value <= range.max) return;
  throw UserError(name + ": " + std::to_string(value) + ", allowed: " + std::to_string(range.min) + " to " +
                  std::to_string(range.max));
}

void require(double value, NumberRange range, const std::string& name) {
  if (value >= range.min && value <= range.max) return;
  throw UserError(name + ": " + shortest_text(value) + ", allowed: " + shortest_text(range.min) + " to " +
                  shortest_text(range.max));
}

/// Holds every field to the bounds its `visit_fields` states.
struct RangeCheck {
  template <class T>
  void operator()(const Field& field, const T& value) const {
    if constexpr (std::same_as<T, std::int64_t>) {
      require(value, field.integers, std::string(field.name));
    } else if constexpr (std::same_as<T, double>) {
      require(value, field.numbers, std::string(field.name));
    } else if constexpr (!std::is_enum_v<T>) {
      visit_fields(value, *this);
    }
  }
};

const Evaluation* nearest_of(const EvaluatedCandidates& candidates, InfeasibilityReport& report) {
  const EvaluatedCandidates::Candidate* nearest = nullptr;
  for (const auto& candidate : candidates.all()) {
    if (!candidate.evaluation.failure.empty()) {
      if (++report.num_failed == 1) report.first_failure = candidate.evaluation.failure;
    } else if (!nearest || candidate.evaluation.total_violation() < nearest->evaluation.total_violation()) {
      nearest = &candidate;
    }
  }
  if (!nearest) return nullptr;
  report.nearest = *nearest;
  return &nearest->evaluation;
}

ConstraintSummary summarize(const EvaluatedCandidates& candidates, const Problem& problem, std::size_t constraint) {
  ConstraintSummary summary = {.name = problem.constraints[constraint], .smallest_violation = -1.0};
  for (const auto& candidate : candidates.all()) {
    if (!candidate.evaluation.failure.empty()) continue;
    const double violation = std::max(0.0, candidate.evaluation.violations[constraint]);
    if (violation > 0.0) ++summary.num_violating;
    const bool is_first = summary.smallest_violation < 0.0;
    summary.smallest_violation = is_first ? violation : std::min(summary.smallest_violation, violation);
  }
  return summary;
}

}  // namespace

void check(const SearchOptions& options, const Problem& problem) {
  visit_fields(options.course, RangeCheck{});
  require(options.max_generations, {.min = 0}, "max_generations");
  require(options.max_evaluations, {.min = 1}, "max_evaluations");
  require(options.stall_generations, {.min = 0}, "stall_generations");
  require(options.stall_tolerance, {.min = 0.0, .max = 1.0}, "stall_tolerance");
  require(options.num_threads, {.min = 1, .max = 1024}, "num_threads");
  if (!options.reference_point.empty() && options.reference_point.size() != problem.objectives.size()) {
    throw UserError("reference_point: " + std::to_string(options.reference_point.size()) +
                    " values, allowed: one for each of " + std::to_string(problem.objectives.size()) + " objectives");
  }
  if (!std::ranges::all_of(options.reference_point, [](double value) { return std::isfinite(value); })) {
    throw UserError("reference_point: allowed: finite numbers");
  }
  for (std::size_t i = 0; i < options.initial.size(); ++i) {
    if (is_within(problem.genes, options.initial[i])) continue;
    throw UserError("initial: member " + std::to_string(i) + " lies outside the genes of the problem");
  }
}

std::optional<InfeasibilityReport> explain_infeasibility(const Problem& problem, const EvaluatedCandidates& candidates) {
  const bool is_any_feasible =
      std::ranges::any_of(candidates.all(), [](const auto& candidate) { return candidate.evaluation.is_feasible(); });
  if (is_any_feasible || candidates.all().empty()) return std::nullopt;

  InfeasibilityReport report;
  const Evaluation* nearest = nearest_of(candidates, report);
  if (!nearest) return report;
  for (std::size_t i = 0; i < problem.constraints.size(); ++i) {
    report.constraints.push_back(summarize(candidates, problem, i));
  }
  const auto hardest = std::ranges::max_element(report.constraints, {}, &ConstraintSummary::smallest_violation);
  const auto most_violated = std::ranges::max_element(nearest->violations) - nearest->violations.begin();
  report.binding_constraint =
      hardest->smallest_violation > 0.0 ? hardest->name : problem.constraints[static_cast<std::size_t>(most_violated)];
  return report;
}

std::string write_front(const Problem& problem, const ParetoFront& front) {
  Json::Array members;
  for (const Individual& member : front.members) {
    Json::Object genes;
    for (std::size_t i = 0; i < problem.genes.size(); ++i) {
      const bool is_real = problem.genes[i].kind == GeneKind::kReal;
      genes.emplace_back(problem.genes[i].name, is_real ? Json(member.phenotype.values[i]) : Json(member.phenotype.integer(i)));
    }
    Json::Object objectives;
    for (std::size_t i = 0; i < problem.objectives.size(); ++i) {
      objectives.emplace_back(problem.objectives[i], member.evaluation.objectives[i]);
    }
    members.push_back(
        Json::Object{{"candidate", member.candidate}, {"genes", std::move(genes)}, {"objectives", std::move(objectives)}});
  }
  const Json document = Json::Object{{"problem", problem.name}, {"members", std::move(members)}};
  return document.dump() + '\n';
}

}  // namespace crossloom
