#include "nas/problem.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <set>
#include <string_view>
#include <thread>

#include "support/error.h"
#include "support/json.h"
#include "support/number_text.h"
#include "support/utf8.h"

namespace crossloom {
namespace {

void check_names(std::span<const std::string> names, const std::string& what) {
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (name.empty()) throw UserError("an " + what + " has no name");
    if (!seen.insert(name).second) throw UserError(std::string(what).append(" ").append(name).append(": stands twice"));
  }
}

/// What is wrong with `values` as one number a name; empty when nothing is.
std::string fault_of(std::span<const double> values, std::span<const std::string> names, const std::string& what) {
  if (values.size() != names.size()) {
    return std::to_string(values.size()) + " values for " + std::to_string(names.size()) + " " + what + "s";
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return what + " " + names[i] + " is not a finite number";
  }
  return "";
}

std::string fault_of(const Problem& problem, const Evaluation& evaluation) {
  if (!evaluation.failure.empty()) return evaluation.failure;
  std::string fault = fault_of(evaluation.violations, problem.constraints, "constraint");
  const bool may_lack_objectives = evaluation.objectives.empty() && !evaluation.is_feasible();
  if (fault.empty() && !may_lack_objectives) fault = fault_of(evaluation.objectives, problem.objectives, "objective");
  return fault;
}

/// A failed candidate. The reason may come from anywhere: what a checkpoint could not hold as text is cut off.
Evaluation failed(std::string reason) {
  if (const auto bad_byte = first_bad_text_byte(reason)) reason.resize(*bad_byte);
  return {.failure = reason.empty() ? "failed without a reason" : std::move(reason)};
}

}  // namespace

double Evaluation::total_violation() const {
  if (!failure.empty()) return std::numeric_limits<double>::infinity();
  double total = 0.0;
  for (const double violation : violations) total += std::max(0.0, violation);
  return total;
}

void check(const Problem& problem) {
  check_genes(problem.genes);
  if (problem.objectives.empty()) throw UserError("problem " + problem.name + ": needs at least one objective");
  check_names(problem.objectives, "objective");
  check_names(problem.constraints, "constraint");
  if (!problem.evaluate) throw UserError("problem " + problem.name + ": has no function to evaluate a candidate");
}

std::string space_hash(const Problem& problem) {
  constexpr char kSeparator = '\n';  // in no name that a file or a table could hold
  std::string text = problem.name + kSeparator;
  for (const Gene& gene : problem.genes) {
    text += "gene " + gene.name + kSeparator + std::to_string(static_cast<int>(gene.kind)) + ' ' + shortest_text(gene.min) +
            ' ' + shortest_text(gene.max) + kSeparator;
  }
  for (const std::string& objective : problem.objectives) text += "objective " + objective + kSeparator;
  for (const std::string& constraint : problem.constraints) text += "constraint " + constraint + kSeparator;
  return content_hash(text);
}

Genotype phenotype_of(const Problem& problem, const Genotype& genotype) {
  return problem.phenotype ? problem.phenotype(genotype) : genotype;
}

Evaluation evaluate_safely(const Problem& problem, const Genotype& phenotype) {
  try {
    Evaluation evaluation = problem.evaluate(phenotype);
    std::string fault = fault_of(problem, evaluation);
    if (fault.empty()) return evaluation;
    return failed(std::move(fault));
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("an exception of unknown type");
  }
}

std::vector<Evaluation> evaluate_all(const Problem& problem, std::span<const Genotype> phenotypes, std::int64_t num_threads) {
  std::vector<Evaluation> evaluations(phenotypes.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < phenotypes.size(); i = next++) evaluations[i] = evaluate_safely(problem, phenotypes[i]);
  };
  {
    std::vector<std::jthread> helpers;  // joined at the end of this block, also when one cannot be started
    const auto num_workers = std::min(num_threads, static_cast<std::int64_t>(phenotypes.size()));
    for (std::int64_t i = 1; i < num_workers; ++i) helpers.emplace_back(work);
    work();
  }
  return evaluations;
}

}  // namespace crossloom
