#include "cli/nas_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cli/console.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/import/onnx/onnx_model.h"
#include "compiler/option_values.h"
#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/network_samples.h"
#include "nas/candidate/search_results.h"
#include "nas/shared_evaluation.h"
#include "nas/supernet/supernet_file.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// What the command line says instead of the file.
void apply(const NasSearchRequest& request, SearchOptions& options) {
  constexpr IntegerRange kAny{0, std::int64_t{1} << 40};
  if (!request.algorithm.empty()) {
    const auto names = enum_names(SearchAlgorithm{});
    const auto found = std::ranges::find(names, request.algorithm);
    if (found == names.end()) throw UserError("--algorithm: " + request.algorithm + " is not one of nsga2, rnc, random");
    options.course.algorithm = static_cast<SearchAlgorithm>(found - names.begin());
  }
  if (!request.seed.empty()) options.course.seed = integer_option("--seed", request.seed, {.min = 0});
  if (!request.generations.empty()) options.max_generations = integer_option("--generations", request.generations, kAny);
  if (!request.evaluations.empty()) {
    options.max_evaluations = integer_option("--evaluations", request.evaluations, {1, kAny.max});
    if (request.generations.empty()) options.max_generations = kAny.max;
  }
  constexpr std::int64_t kMaxThreads = 1024;
  options.num_threads = request.jobs.empty() ? std::max<std::int64_t>(std::thread::hardware_concurrency(), 1)
                                             : integer_option("--jobs", request.jobs, {1, kMaxThreads});
  options.folder = request.folder;
}

/// Why nothing is in the front, as sentences.
std::string infeasibility_text(const InfeasibilityReport& report) {
  if (!report.nearest) return fmt::format("no candidate could be evaluated; the first: {}\n", report.first_failure);
  std::string text = fmt::format("no candidate is feasible; what binds is {}:\n", report.binding_constraint);
  for (const ConstraintSummary& constraint : report.constraints) {
    text += fmt::format("  {}: broken by {} candidates, at best by {:.1f} % of its limit\n", constraint.name,
                        constraint.num_violating, 100.0 * constraint.smallest_violation);
  }
  return text;
}

/// A member's accuracy on held-out images is shown whether or not it is an objective.
constexpr std::string_view kAccuracy = "accuracy";

bool is_fraction(const SearchGoal& goal) { return goal.figure.ends_with("_fraction"); }
/// But for MACs and accuracy, which rows have anyway.
bool stands_for_accuracy(const SearchGoal& goal) {
  return goal.name != kAccuracy && (is_fraction(goal) || goal.name == "nn_degree" || goal.name == "loss");
}

std::string front_table(const SearchFile& file, const std::vector<FrontMember>& front) {
  std::vector<TextTable::Column> columns = {{"candidate"}, {"parameters"}, {"MACs"},   {"crossbars"},
                                            {"latency"},   {"interval"},   {"energy"}, {"speedup"}};
  const bool has_accuracy = needs_images(file);
  const bool has_rnc = has_goal(file, kRncGoal);
  if (has_rnc) columns.push_back({"RNC's evaluator"});
  if (has_accuracy) columns.push_back({std::string(kAccuracy)});
  for (const std::size_t objective : file.objectives) {
    if (stands_for_accuracy(search_goals()[objective])) columns.push_back({std::string(search_goal_names()[objective])});
  }
  TextTable table(columns);
  for (const FrontMember& member : front) {
    const PointResult& hardware = member.simulated.hardware;
    std::vector<std::string> row = {std::to_string(member.candidate),
                                    count_text(static_cast<std::int64_t>(member.simulated.num_parameters)),
                                    count_text(static_cast<std::int64_t>(hardware.num_macs)),
                                    count_text(static_cast<std::int64_t>(hardware.num_crossbars_used)),
                                    time_text(hardware.latency_ns),
                                    time_text(hardware.interval_ns),
                                    energy_text(hardware.energy_per_inference_pj),
                                    member.speedup ? fmt::format("{:.2f}x", *member.speedup) : ""};
    if (has_rnc) {
      row.push_back(time_text(member.simulated.rnc_batch_latency_ns) +
                    (member.rnc_speedup ? fmt::format(" {:.2f}x", *member.rnc_speedup) : ""));
    }
    if (has_accuracy) row.push_back(fmt::format("{:.2f} %", 100.0 * member.simulated.accuracy.accuracy_fraction));
    for (std::size_t k = 0; k < file.objectives.size(); ++k) {
      const SearchGoal& goal = search_goals()[file.objectives[k]];
      if (!stands_for_accuracy(goal)) continue;
      row.push_back(is_fraction(goal) ? fmt::format("{:.2f} %", 100.0 * member.objectives[k])
                                      : fmt::format("{:.4g}", member.objectives[k]));
    }
    table.add_row(row);
  }
  return table.text();
}

/// Scores accuracy, when the search is about it.
AccuracyScorer scorer_of(const SearchFile& file, const NasSearchRequest& request) {
  if (!needs_images(file)) {
    if (!request.supernet.empty() || !request.images.data.empty())
      throw UserError("--data, --supernet: have no effect: no objective or constraint is about accuracy");
    return {};
  }
  if (request.supernet.empty() || request.images.data.empty()) return {};
  return accuracy_scorer_of(file, request);
}

}  // namespace

ExitCode run_search(WorkSharing& sharing, const std::string& text, SearchFile file, const NasSearchRequest& request,
                    Console& console) {
  apply(request, file.options);
  if (std::filesystem::exists(std::filesystem::path(request.folder) / kSamplesFile))
    throw UserError("--out: " + request.folder + ": is a folder of samples, allowed: a new folder");
  require_prediction_settings_used(file);
  const AccuracyPrediction prediction = needs_prediction(file) ? prediction_of(file) : AccuracyPrediction{};
  if (sharing.is_leader()) console.print(prediction.text);
  const CandidateEvaluator evaluator(file, scorer_of(file, request), prediction);
  const Problem problem = evaluator.problem();
  if (!sharing.is_leader()) {
    work_on_search(problem, sharing);
    return ExitCode::kDone;
  }
  file.options.evaluate = [&](std::span<const Genotype> phenotypes) { return evaluate_shared(problem, phenotypes, sharing); };
  std::filesystem::create_directories(request.folder);
  std::int64_t generation = -1;
  file.options.should_stop = [&] {
    ++generation;
    const SearchOptions& options = file.options;
    const auto share_of = [](std::int64_t done, std::int64_t all) {
      return static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(all, 1));
    };
    // A generation evaluates at most as many as the population has.
    double share = share_of(generation, options.max_generations);
    if (options.max_evaluations > 0)
      share = std::max(share, share_of((generation + 1) * options.course.population_size, options.max_evaluations));
    console.progress(fmt::format("generation {} ", generation), std::min(share, 1.0));
    return false;
  };
  const SearchResult result = search(problem, file.options);
  std::optional<CandidateFigures> baseline;
  if (!file.baseline.empty()) baseline = evaluator.baseline_figures(EvaluationKind::kSimulate);
  const std::vector<FrontMember> front = simulate_front(file, evaluator, result.front, baseline, file.options.num_threads);
  console.clear_progress();

  std::vector<std::pair<std::string, std::string>> files = {
      {std::string(kCandidatesFile), candidates_csv(file, evaluator, problem, result.state)},
      {std::string(kFrontFile), front_csv(file, evaluator, problem, front)},
      {std::string(kSearchFile), text},
      {"front.json", write_front(problem, result.front)}};
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
  if (!request.supernet.empty()) files.emplace_back(kSupernetFile, read_text_file(supernet_path(request.supernet), kMostBytes));
  write_files_atomically(request.folder, files);
  for (const FrontMember& member : front) {
    write_onnx_model(to_onnx(evaluator.network_of(member.genotype)),
                     fmt::format("{}/candidate_{}.onnx", request.folder, member.candidate), TensorPlace::kModelFile);
  }
  const GenerationSummary& last = result.state.history.back();
  console.print(fmt::format("{} of {:.3g} networks evaluated in {} generations ({}): {} feasible, {} in the front\n",
                            count_text(last.num_evaluations), num_subnetworks(file.space), last.generation,
                            enum_names(result.reason)[static_cast<std::size_t>(result.reason)], count_text(last.num_feasible),
                            front.size()));
  if (result.infeasibility) console.print(infeasibility_text(*result.infeasibility));
  if (baseline) {
    console.print(fmt::format("baseline {}, a block a crossbar and no copies: {} for {} image{} in {} crossbars\n",
                              file.baseline, time_text(baseline->batch_latency_ns), file.batch, file.batch == 1 ? "" : "s",
                              baseline->hardware.num_crossbars_used));
  }
  if (!front.empty()) console.print(front_table(file, front));
  console.print(fmt::format("wrote {0}/{1}, {0}/{2} and {3} networks as ONNX, without weights\n", request.folder,
                            kCandidatesFile, kFrontFile, front.size()));
  console.print_json_text(write_front(problem, result.front));
  return ExitCode::kDone;
}

}  // namespace crossloom
