#include "nas/candidate/candidate_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/baseline.h"
#include "compiler/import/load_network.h"
#include "compiler/ir/network.h"
#include "compiler/ir/structure_hash.h"
#include "compiler/option_values.h"
#include "compiler/rnc/rnc_mapper.h"
#include "nas/prediction/nn_degree.h"
#include "nas/space/gene_texts.h"
#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "support/json.h"
#include "support/number_text.h"
#include "support/option_message.h"
#include "support/version.h"
#include "sweep/sweep_inputs.h"

namespace crossloom {
namespace {

/// How far a figure is beyond its limit, as a share of it; 0 or below when it holds.
double violation_of(const SearchGoal& goal, double figure, double limit) {
  // 0 and less, as noisy accuracy can be, is further from a limit from below than any figure above 0.
  constexpr double kFurthest = 1e300;
  if (goal.is_maximised && figure <= 0.0) return kFurthest;
  return goal.is_maximised ? limit / figure - 1.0 : figure / limit - 1.0;
}

CandidateFigures score(Network network, const ChipConfig& chip, const CompileOptions& options, EvaluationKind evaluation,
                       std::int64_t batch) {
  CandidateFigures figures;
  figures.num_parameters = static_cast<double>(num_parameters(network));
  figures.memory_bytes = parameter_bytes(network, chip);
  figures.nn_degree = nn_degree(network);
  const std::int64_t macs = num_macs(network);
  // The hash of a network is for comparing points of a sweep.
  const SweepNetwork counted{.network = std::move(network), .structure_hash = {}, .num_macs = macs};
  figures.hardware = evaluate_point({.network = &counted, .chip = chip, .options = options, .hash = {}}, evaluation, batch);
  figures.batch_latency_ns = figures.hardware.latency_ns + static_cast<double>(batch - 1) * figures.hardware.interval_ns;
  return figures;
}

void check_rnc_crossbars(const ChipConfig& chip) {
  if (chip.crossbar.rows == kRncCrossbarSide && num_weight_cols(chip) == kRncCrossbarSide) return;
  throw UserError(fmt::format("{0}: {1} has crossbars of {2}x{3} weights, allowed: RNC's {4}x{4}", kRncGoal, chip.name,
                              chip.crossbar.rows, num_weight_cols(chip), kRncCrossbarSide));
}

}  // namespace

bool needs_images(const SearchFile& file) {
  const auto needs = [](std::size_t goal) { return search_goals()[goal].needs_images; };
  return std::ranges::any_of(file.objectives, needs) || std::ranges::any_of(file.constraints, needs, &GoalLimit::goal);
}

CandidateEvaluator::CandidateEvaluator(const SearchFile& file, AccuracyScorer accuracy, AccuracyPrediction prediction)
    : file_(file),
      accuracy_(std::move(accuracy)),
      prediction_(std::move(prediction)),
      chip_(load_chip(file.chip)),
      space_genes_(genes_of(file.space)) {
  check_hardware();
}

void CandidateEvaluator::check_hardware() const {
  for (const HardwareChoice& choice : file_.hardware) {
    if (is_compile_option(choice.key)) continue;
    try {
      check_key(chip_, choice.key);
    } catch (const UserError& error) {
      throw UserError(fmt::format("{}:{}: hardware.{}", file_.source_name, choice.line, without_option(error.what())));
    }
  }
  // Values of the chip that vary may go together only in some combinations; what never varies must go together.
  const auto varies_chip = [](const HardwareChoice& choice) {
    return choice.values.size() > 1 && !is_compile_option(choice.key);
  };
  if (std::ranges::any_of(file_.hardware, varies_chip)) return;
  try {
    static_cast<void>(hardware_of({.values = std::vector<double>(genes().size())}));
  } catch (const UserError& error) {
    throw UserError(fmt::format("{}: hardware: {}", file_.source_name, without_option(error.what())));
  }
}

std::vector<Gene> CandidateEvaluator::hardware_genes() const {
  std::vector<Gene> genes;
  for (const HardwareChoice& choice : file_.hardware) {
    if (choice.values.size() == 1) continue;
    const auto count = static_cast<std::int64_t>(choice.values.size());
    const bool are_numbers =
        std::ranges::all_of(choice.values, [](const std::string& text) { return parse_number(text).has_value(); });
    genes.push_back(are_numbers ? integer_gene(choice.key, 0, count - 1) : categorical_gene(choice.key, count));
  }
  return genes;
}

CandidateEvaluator::Hardware CandidateEvaluator::hardware_of(const Genotype& genotype) const {
  Hardware hardware;
  std::vector<std::string> overrides;
  std::vector<std::pair<std::string_view, const std::string*>> options;
  std::size_t gene = space_genes_.size();
  for (const HardwareChoice& choice : file_.hardware) {
    const std::string& value =
        choice.values.size() == 1 ? choice.values[0] : choice.values[static_cast<std::size_t>(genotype.integer(gene++))];
    if (is_compile_option(choice.key)) {
      options.emplace_back(choice.key, &value);
    } else {
      overrides.push_back(choice.key + '=' + value);
    }
  }
  hardware.chip = overrides.empty() ? chip_ : with_overrides(chip_, overrides);
  if (has_goal(file_, kRncGoal)) check_rnc_crossbars(hardware.chip);
  for (const std::string_view name : compile_option_names()) {
    const auto found = std::ranges::find(options, name, [](const auto& option) { return option.first; });
    if (found != options.end()) set_compile_option(hardware.options, name, *found->second);
  }
  return hardware;
}

Network CandidateEvaluator::network_of(const Genotype& genotype) const {
  return build_network(file_.space, subnetwork_of(file_.space, genotype));
}

double CandidateEvaluator::rnc_batch_latency_of(const Network& network, const CompileOptions& options,
                                                const PointResult& result, bool more_effort) const {
  const std::vector<RncLayer> layers = rnc_layers(network);
  const auto mapped_in = [&](std::int64_t num_steps) {
    const auto num_crossbars = static_cast<std::int64_t>(result.num_crossbars_available);
    return rnc_batch_latency_ns(layers, options.depth_split, num_crossbars, file_.batch, num_steps)
        .value_or(std::numeric_limits<double>::infinity());
  };
  const double latency_ns = mapped_in(file_.num_rnc_steps);
  // A longer search anneals more slowly, and may by chance end with a mapping that is not as good.
  constexpr std::int64_t kMore = 10;
  return more_effort ? std::min(latency_ns, mapped_in(kMore * file_.num_rnc_steps)) : latency_ns;
}

CandidateFigures CandidateEvaluator::figures_of(const Genotype& genotype, EvaluationKind evaluation, bool more_effort) const {
  const auto [chip, options] = hardware_of(genotype);
  const Network network = network_of(genotype);
  CandidateFigures figures = score(network, chip, options, evaluation, file_.batch);
  if (has_goal(file_, kRncGoal) && figures.hardware.status != PointStatus::kDoesNotFit)
    figures.rnc_batch_latency_ns = rnc_batch_latency_of(network, options, figures.hardware, more_effort);
  return figures;
}

CandidateAccuracy CandidateEvaluator::accuracy_of(const Genotype& genotype) const {
  return accuracy_.score(subnetwork_of(file_.space, genotype), hardware_of(genotype).chip);
}

CandidateFigures CandidateEvaluator::baseline_figures(EvaluationKind evaluation) const {
  Hardware hardware = hardware_of({.values = std::vector<double>(space_genes_.size() + hardware_genes().size())});
  hardware.options.budget = {};
  hardware.options = as_baseline(std::move(hardware.options), Baseline::kIsaac);
  const Network network = load_network(file_.baseline, {.input_shape = file_.space.input_shapes.back()}).network;
  CandidateFigures figures = score(network, hardware.chip, hardware.options, evaluation, file_.batch);
  if (has_goal(file_, kRncGoal)) figures.rnc_batch_latency_ns = rnc_isaac_batch_latency_ns(rnc_layers(network), file_.batch);
  return figures;
}

Evaluation CandidateEvaluator::evaluate(const Genotype& genotype) const {
  CandidateFigures figures = figures_of(genotype, file_.score);
  if (needs_prediction(file_)) figures.predicted_accuracy_fraction = prediction_.accuracy_fraction(genotype, figures.nn_degree);
  const PointResult& hardware = figures.hardware;
  Evaluation evaluation;
  evaluation.violations.assign(1 + file_.constraints.size(), 0.0);
  evaluation.violations[0] = hardware.num_crossbars_fewest / hardware.num_crossbars_available - 1.0;
  if (hardware.status == PointStatus::kDoesNotFit) return evaluation;
  // Copies and packing go together: what fits may still stand for more than the fewest.
  evaluation.violations[0] = std::min(evaluation.violations[0], 0.0);
  if (std::isinf(figures.rnc_batch_latency_ns)) {
    // No packing under RNC's rules: how many crossbars it lacks is not known.
    evaluation.violations[0] = 1.0 / hardware.num_crossbars_available;
    return evaluation;
  }
  const auto check_limits = [&](bool of_images) {
    for (std::size_t i = 0; i < file_.constraints.size(); ++i) {
      const SearchGoal& goal = search_goals()[file_.constraints[i].goal];
      if (goal.needs_images == of_images)
        evaluation.violations[i + 1] = violation_of(goal, goal.value(figures), file_.constraints[i].limit);
    }
  };
  check_limits(false);
  if (needs_images(file_)) {
    // What is ruled out anyway need not be run on images, which takes by far the longest.
    if (!evaluation.is_feasible()) return evaluation;
    figures.accuracy = accuracy_of(genotype);
    check_limits(true);
  }
  for (const std::size_t objective : file_.objectives) {
    const SearchGoal& goal = search_goals()[objective];
    evaluation.objectives.push_back(goal.is_maximised ? -goal.value(figures) : goal.value(figures));
  }
  return evaluation;
}

std::vector<std::string> CandidateEvaluator::gene_texts(const Genotype& genotype) const {
  std::vector<std::string> texts = crossloom::gene_texts(file_.space, genotype);
  for (const HardwareChoice& choice : file_.hardware) {
    if (choice.values.size() > 1) texts.push_back(choice.values[static_cast<std::size_t>(genotype.integer(texts.size()))]);
  }
  return texts;
}

std::vector<Gene> CandidateEvaluator::genes() const {
  std::vector<Gene> genes = space_genes_;
  std::ranges::move(hardware_genes(), std::back_inserter(genes));
  return genes;
}

Genotype CandidateEvaluator::genotype_of(const std::vector<std::string>& texts) const {
  try {
    return genotype_showing(texts, genes(), [this](const Genotype& genotype) { return gene_texts(genotype); });
  } catch (const UserError& error) {
    throw UserError(fmt::format("{}: {}", file_.source_name, error.what()));
  }
}

std::variant<CompiledNetwork, DoesNotFit> CandidateEvaluator::compiled(const Network& network, const Genotype& genotype) const {
  const Hardware hardware = hardware_of(genotype);
  return compile(network, hardware.chip, hardware.options);
}

Problem CandidateEvaluator::problem() const {
  if (needs_images(file_) && !accuracy_.score)
    throw UserError(file_.source_name + ": accuracy needs images (--data) and a trained supernet (--supernet)");
  if (needs_prediction(file_) && !prediction_.accuracy_fraction) throw InternalError("predicted accuracy without a prediction");
  std::string inputs = fmt::format("{} {} {} {}", kVersion, enum_names(file_.score)[static_cast<std::size_t>(file_.score)],
                                   file_.batch, write_fields(chip_).dump(-1));
  if (has_goal(file_, kRncGoal)) inputs += fmt::format(" {}", file_.num_rnc_steps);
  for (const HardwareChoice& choice : file_.hardware) {
    inputs += '\n' + choice.key;
    for (const std::string& value : choice.values) inputs += ' ' + value;
  }
  for (const GoalLimit& constraint : file_.constraints) inputs += ' ' + shortest_text(constraint.limit);
  inputs += accuracy_.identity;
  inputs += prediction_.identity;
  // Every value of every gene, the others at their largest, shows in the layers.
  for (const Genotype& genotype : single_changes(file_.space, largest_genotype(file_.space)))
    inputs += ' ' + structure_hash(network_of(genotype));
  Problem problem{.name = file_.space.name + ' ' + content_hash(inputs), .genes = genes()};
  for (const std::size_t objective : file_.objectives) problem.objectives.emplace_back(search_goal_names()[objective]);
  problem.constraints.emplace_back("crossbars");
  for (const GoalLimit& constraint : file_.constraints)
    problem.constraints.emplace_back(search_goal_figures()[constraint.goal]);
  problem.evaluate = [this](const Genotype& genotype) { return evaluate(genotype); };
  problem.phenotype = [this](const Genotype& genotype) { return without_inactive_genes(file_.space, genotype); };
  return problem;
}

double shown_objective(const SearchFile& file, std::size_t objective, double value) {
  return search_goals()[file.objectives[objective]].is_maximised ? -value : value;
}

}  // namespace crossloom
