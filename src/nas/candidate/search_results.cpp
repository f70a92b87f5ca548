#include "nas/candidate/search_results.h"

#include "simulator/analog/parallel_for.h"
#include "support/csv.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

void add_cell(std::string& row, std::string_view text) {
  row += ',';
  row += csv_field(text);
}

std::string header(const Problem& problem) {
  std::string line = "candidate";
  for (const Gene& gene : problem.genes) add_cell(line, gene.name);
  return line;
}

/// Names of the objectives as figures with units.
void add_objective_columns(std::string& line, const SearchFile& file) {
  for (const std::size_t objective : file.objectives) add_cell(line, "scored_" + std::string(search_goal_figures()[objective]));
}

}  // namespace

std::vector<FrontMember> simulate_front(const SearchFile& file, const CandidateEvaluator& evaluator, const ParetoFront& front,
                                        const std::optional<CandidateFigures>& baseline, std::int64_t num_threads) {
  std::vector<FrontMember> members(front.members.size());
  parallel_for(static_cast<std::int64_t>(members.size()), num_threads, [&](std::int64_t index) {
    const Individual& individual = front.members[static_cast<std::size_t>(index)];
    FrontMember& member = members[static_cast<std::size_t>(index)];
    member.candidate = individual.candidate;
    member.genotype = individual.phenotype;
    for (std::size_t k = 0; k < individual.evaluation.objectives.size(); ++k)
      member.objectives.push_back(shown_objective(file, k, individual.evaluation.objectives[k]));
    member.simulated = evaluator.figures_of(individual.phenotype, EvaluationKind::kSimulate, true);
    if (needs_images(file)) member.simulated.accuracy = evaluator.accuracy_of(individual.phenotype);
    if (baseline) member.speedup = baseline->batch_latency_ns / member.simulated.batch_latency_ns;
    if (baseline && has_goal(file, kRncGoal))
      member.rnc_speedup = baseline->rnc_batch_latency_ns / member.simulated.rnc_batch_latency_ns;
  });
  return members;
}

std::string candidates_csv(const SearchFile& file, const CandidateEvaluator& evaluator, const Problem& problem,
                           const SearchState& state) {
  std::string text = header(problem);
  add_objective_columns(text, file);
  for (const std::string& constraint : problem.constraints) add_cell(text, "violation_" + constraint);
  text += ",failure\n";
  const auto& candidates = state.candidates.all();
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Evaluation& evaluation = candidates[i].evaluation;
    std::string row = std::to_string(i);
    for (const std::string& gene : evaluator.gene_texts(candidates[i].phenotype)) add_cell(row, gene);
    for (std::size_t k = 0; k < file.objectives.size(); ++k) {
      add_cell(row, evaluation.objectives.empty() ? "" : shortest_text(shown_objective(file, k, evaluation.objectives[k])));
    }
    for (std::size_t k = 0; k < problem.constraints.size(); ++k) {
      add_cell(row, evaluation.violations.empty() ? "" : shortest_text(evaluation.violations[k]));
    }
    add_cell(row, evaluation.failure);
    text += row + '\n';
  }
  return text;
}

std::string front_csv(const SearchFile& file, const CandidateEvaluator& evaluator, const Problem& problem,
                      const std::vector<FrontMember>& front) {
  std::string text = header(problem);
  add_objective_columns(text, file);
  const bool has_accuracy = needs_images(file);
  if (has_accuracy) text += ",accuracy_fraction,held_out_loss";
  text += ",num_parameters,memory_bytes,batch_latency_ns,speedup_over_baseline,";
  const bool has_rnc = has_goal(file, kRncGoal);
  if (has_rnc) text += "rnc_batch_latency_ns,rnc_speedup_over_baseline,";
  text += result_columns() + '\n';
  for (const FrontMember& member : front) {
    std::string row = std::to_string(member.candidate);
    for (const std::string& gene : evaluator.gene_texts(member.genotype)) add_cell(row, gene);
    for (const double objective : member.objectives) add_cell(row, shortest_text(objective));
    if (has_accuracy) {
      add_cell(row, shortest_text(member.simulated.accuracy.accuracy_fraction));
      add_cell(row, shortest_text(member.simulated.accuracy.loss));
    }
    add_cell(row, shortest_text(member.simulated.num_parameters));
    add_cell(row, shortest_text(member.simulated.memory_bytes));
    add_cell(row, shortest_text(member.simulated.batch_latency_ns));
    add_cell(row, member.speedup ? shortest_text(*member.speedup) : "");
    if (has_rnc) {
      add_cell(row, shortest_text(member.simulated.rnc_batch_latency_ns));
      add_cell(row, member.rnc_speedup ? shortest_text(*member.rnc_speedup) : "");
    }
    text += row + ',' + result_cells(member.simulated.hardware) + '\n';
  }
  return text;
}

}  // namespace crossloom
