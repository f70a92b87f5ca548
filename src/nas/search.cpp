#include "nas/search.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "nas/hypervolume.h"
#include "nas/offspring.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCheckpointName = "checkpoint.json";
constexpr std::string_view kLogName = "log.jsonl";

/// A tenth of the span beyond the worst of each objective; for an objective without a span, a tenth of its size, or 1 for 0.
std::vector<double> reference_beyond(const EvaluatedCandidates& candidates, std::size_t num_objectives) {
  std::vector<double> worst;
  std::vector<double> best;
  for (const auto& candidate : candidates.all()) {
    if (!candidate.evaluation.is_feasible()) continue;
    const std::vector<double>& objectives = candidate.evaluation.objectives;
    if (worst.empty()) worst = best = objectives;
    for (std::size_t i = 0; i < num_objectives; ++i) {
      worst[i] = std::max(worst[i], objectives[i]);
      best[i] = std::min(best[i], objectives[i]);
    }
  }
  for (std::size_t i = 0; i < worst.size(); ++i) {
    const double span = worst[i] > best[i] ? worst[i] - best[i] : std::abs(worst[i]);
    worst[i] += span > 0.0 ? 0.1 * span : 1.0;
  }
  return worst;
}

/// The next generation: proposals, scored, merged with the population, archived.
void advance(const Problem& problem, const SearchOptions& options, SearchState& state, std::vector<Genotype> proposals) {
  std::vector<Genotype> phenotypes;
  phenotypes.reserve(proposals.size());
  for (const Genotype& genotype : proposals) phenotypes.push_back(phenotype_of(problem, genotype));
  std::vector<Evaluation> evaluations =
      options.evaluate ? options.evaluate(phenotypes) : evaluate_all(problem, phenotypes, options.num_threads);

  Population offspring;
  offspring.reserve(proposals.size());
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const std::int64_t number = state.candidates.add(phenotypes[i], evaluations[i]);
    offspring.push_back({.genotype = std::move(proposals[i]),
                         .phenotype = std::move(phenotypes[i]),
                         .evaluation = std::move(evaluations[i]),
                         .candidate = number});
  }
  add_to_archive(state.archive, offspring, static_cast<std::size_t>(options.course.archive_capacity));
  Population& merged = state.population;
  std::ranges::move(offspring, std::back_inserter(merged));
  merged = survivors(merged, static_cast<std::size_t>(options.course.population_size));
  if (state.reference_point.empty()) {
    state.reference_point = options.reference_point.empty() && !state.archive.members.empty()
                                ? reference_beyond(state.candidates, problem.objectives.size())
                                : options.reference_point;
  }
}

/// The line of the log for the generation that has just joined the state.
GenerationSummary summarize(const SearchState& state) {
  GenerationSummary summary = {.generation = static_cast<std::int64_t>(state.history.size()),
                               .num_evaluations = state.num_evaluations(),
                               .num_in_archive = static_cast<std::int64_t>(state.archive.members.size()),
                               .smallest_violation = -1.0};
  const bool is_continued = !state.history.empty();
  if (is_continued) {
    summary.num_feasible = state.history.back().num_feasible;
    summary.num_failed = state.history.back().num_failed;
    summary.smallest_violation = state.history.back().smallest_violation;
  }
  const auto& candidates = state.candidates.all();
  const auto first_new = is_continued ? static_cast<std::size_t>(state.history.back().num_evaluations) : 0;
  for (std::size_t i = first_new; i < candidates.size(); ++i) {
    const Evaluation& evaluation = candidates[i].evaluation;
    const double violation = evaluation.total_violation();
    if (!evaluation.failure.empty()) {
      ++summary.num_failed;
    } else if (summary.smallest_violation < 0.0 || violation < summary.smallest_violation) {
      summary.smallest_violation = violation;
    }
    if (violation == 0.0) ++summary.num_feasible;
  }
  summary.num_in_front = std::ranges::count(state.population, 0, &Individual::rank);
  summary.hypervolume = hypervolume(objectives_of(state.archive), state.reference_point);
  return summary;
}

bool is_stalled(const SearchOptions& options, const std::vector<GenerationSummary>& history) {
  const auto window = static_cast<std::size_t>(options.stall_generations);
  if (window == 0 || history.size() <= window) return false;
  const double before = history[history.size() - 1 - window].hypervolume;
  const double now = history.back().hypervolume;
  return now > 0.0 && now - before <= options.stall_tolerance * now;
}

/// Why the search ends in this state; nothing when it goes on.
std::optional<StopReason> stop_reason(const SearchOptions& options, const SearchState& state) {
  if (state.history.empty()) return std::nullopt;
  if (state.history.back().generation >= options.max_generations) return StopReason::kGenerations;
  if (state.num_evaluations() >= options.max_evaluations) return StopReason::kEvaluations;
  if (is_stalled(options, state.history)) return StopReason::kStalled;
  if (options.should_stop && options.should_stop()) return StopReason::kInterrupted;
  return std::nullopt;
}

void save(const Problem& problem, const SearchOptions& options, const SearchState& state) {
  if (options.folder.empty()) return;
  std::string log;
  for (const GenerationSummary& summary : state.history) log += write_fields(summary).dump(-1) + '\n';
  write_files_atomically(options.folder, {{std::string(kLogName), std::move(log)},
                                          {std::string(kCheckpointName), write_checkpoint(problem, options.course, state)}});
}

SearchState load(const Problem& problem, const SearchOptions& options) {
  if (options.folder.empty()) return {};
  const std::string path = (fs::path(options.folder) / kCheckpointName).string();
  std::error_code unknown;  // a path that cannot be examined is read below and gives the reason
  if (fs::status(path, unknown).type() == fs::file_type::not_found) return {};
  constexpr std::int64_t kMaxBytes = std::int64_t{4} << 30;
  SearchState state = read_checkpoint(problem, options.course, read_text_file(path, kMaxBytes), path);
  if (!options.reference_point.empty() && options.reference_point != state.reference_point) {
    throw UserError(path + ": reference_point: differs from the one asked for (continue with the same one)");
  }
  return state;
}

}  // namespace

SearchResult search(const Problem& problem, const SearchOptions& options) {
  check(problem);
  check(options, problem);
  SearchState state = load(problem, options);
  std::optional<StopReason> reason = stop_reason(options, state);
  while (!reason) {
    const auto generation = static_cast<std::int64_t>(state.history.size());
    const std::int64_t count = std::min(options.course.population_size, options.max_evaluations - state.num_evaluations());
    std::vector<Genotype> proposals = propose(problem, options.course, state, options.initial, generation, count);
    if (proposals.empty()) {
      reason = StopReason::kExhausted;
      break;
    }
    advance(problem, options, state, std::move(proposals));
    state.history.push_back(summarize(state));
    save(problem, options, state);
    reason = stop_reason(options, state);
  }
  SearchResult result = {.reason = *reason,
                         .front = pareto_front(state.archive.members),
                         .infeasibility = explain_infeasibility(problem, state.candidates)};
  result.state = std::move(state);
  return result;
}

}  // namespace crossloom
