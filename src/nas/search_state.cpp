#include "nas/search_state.h"

#include <optional>
#include <utility>

#include "support/document.h"
#include "support/error.h"
#include "support/json.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr std::int64_t kCheckpointVersion = 1;
constexpr std::string_view kFormat = "crossloom-search-checkpoint";

Json to_json(const std::vector<double>& values) {
  Json::Array array;
  array.reserve(values.size());
  for (const double value : values) array.emplace_back(value);
  return array;
}

Json to_json(const EvaluatedCandidates::Candidate& candidate) {
  const Evaluation& evaluation = candidate.evaluation;
  Json phenotype = to_json(candidate.phenotype.values);
  if (!evaluation.failure.empty()) {
    return Json::Object{{"phenotype", std::move(phenotype)}, {"failure", evaluation.failure}};
  }
  return Json::Object{{"phenotype", std::move(phenotype)},
                      {"objectives", to_json(evaluation.objectives)},
                      {"violations", to_json(evaluation.violations)}};
}

/// Reads numbers and candidates and refuses what could not have been written.
class CheckpointReader {
 public:
  CheckpointReader(const Problem& problem, ConfigReader& reader) : problem_(problem), reader_(reader) {}

  [[nodiscard]] SearchState read() {
    SearchState state;
    for (ConfigReader& candidate : reader_.sections("candidates")) {
      Genotype phenotype = genotype(candidate, "phenotype");
      if (state.candidates.contains(phenotype)) candidate.fail("phenotype", "stands twice");
      state.candidates.add(std::move(phenotype), evaluation(candidate));
      candidate.finish();
    }
    for (ConfigReader& individual : reader_.sections("population")) {
      Individual read = member(state, individual.integer("candidate", numbers(state)));
      read.genotype = genotype(individual, "genotype");
      state.population.push_back(std::move(read));
      individual.finish();
    }
    for (const std::int64_t number : reader_.integers("archive", numbers(state))) {
      state.archive.members.push_back(member(state, number));
    }
    state.reference_point = reals(reader_, "reference_point");
    for (ConfigReader& summary : reader_.sections("history")) {
      state.history.push_back(read_fields<GenerationSummary>(summary));
    }
    check_completeness(state);
    rank(state.population);
    return state;
  }

 private:
  static IntegerRange numbers(const SearchState& state) { return {.min = 0, .max = state.num_evaluations() - 1}; }

  static Individual member(const SearchState& state, std::int64_t number) {
    const EvaluatedCandidates::Candidate& candidate = state.candidates.all()[static_cast<std::size_t>(number)];
    return {.genotype = candidate.phenotype,
            .phenotype = candidate.phenotype,
            .evaluation = candidate.evaluation,
            .candidate = number};
  }

  static std::vector<double> reals(ConfigReader& reader, std::string_view key) {
    reader.skip(key);
    std::vector<double> values;
    for (const auto& [name, node] : reader.node().members) {
      if (name != key) continue;
      if (node.kind != Document::Kind::kSequence) reader.fail(key, "is not a list of numbers");
      for (const Document& item : node.items) {
        const std::optional<double> value = parse_number(item.scalar);
        if (!value || item.is_quoted) reader.fail(key, "holds something that is not a number");
        values.push_back(*value);
      }
      return values;
    }
    reader.fail(key, "is missing");
  }

  [[nodiscard]] Genotype genotype(ConfigReader& reader, std::string_view key) const {
    Genotype genotype = {.values = reals(reader, key)};
    if (!is_within(problem_.genes, genotype)) reader.fail(key, "lies outside the genes of the problem");
    return genotype;
  }

  [[nodiscard]] Evaluation evaluation(ConfigReader& reader) const {
    Evaluation evaluation;
    if (reader.has("failure")) {
      evaluation.failure = reader.text("failure");
      return evaluation;
    }
    evaluation.objectives = reals(reader, "objectives");
    evaluation.violations = reals(reader, "violations");
    const bool is_scored = evaluation.objectives.size() == problem_.objectives.size();
    const bool may_be_unscored = evaluation.objectives.empty() && !evaluation.is_feasible();
    if (!is_scored && !may_be_unscored) reader.fail("objectives", "are not as many as those of the problem");
    if (evaluation.violations.size() != problem_.constraints.size()) {
      reader.fail("violations", "are not as many as the constraints of the problem");
    }
    return evaluation;
  }

  void check_completeness(const SearchState& state) const {
    if (state.history.empty() || state.history.back().num_evaluations != state.num_evaluations()) {
      reader_.fail("history", "does not end with the last candidate");
    }
    if (state.population.empty()) reader_.fail("population", "is empty");
    if (!state.reference_point.empty() && state.reference_point.size() != problem_.objectives.size()) {
      reader_.fail("reference_point", "has not one value an objective");
    }
  }

  const Problem& problem_;
  ConfigReader& reader_;
};

Document parse(std::string_view text, const std::string& source_name) {
  try {
    return parse_json(text, source_name);
  } catch (const UserError& error) {
    throw UserError(std::string(error.what()) +
                    " (not a whole checkpoint: truncated or no checkpoint at all; it is left as it is)");
  }
}

}  // namespace

std::int64_t EvaluatedCandidates::add(Genotype phenotype, Evaluation evaluation) {
  const auto number = static_cast<std::int64_t>(all_.size());
  if (!numbers_.emplace(phenotype, number).second) throw InternalError("a candidate was evaluated twice");
  all_.push_back({std::move(phenotype), std::move(evaluation)});
  return number;
}

std::string write_checkpoint(const Problem& problem, const SearchCourse& course, const SearchState& state) {
  Json::Array candidates;
  candidates.reserve(state.candidates.all().size());
  for (const EvaluatedCandidates::Candidate& candidate : state.candidates.all()) candidates.push_back(to_json(candidate));
  Json::Array population;
  for (const Individual& individual : state.population) {
    population.push_back(Json::Object{{"candidate", individual.candidate}, {"genotype", to_json(individual.genotype.values)}});
  }
  Json::Array archive;
  for (const Individual& member : state.archive.members) archive.emplace_back(member.candidate);
  Json::Array history;
  for (const GenerationSummary& summary : state.history) history.push_back(write_fields(summary));
  const Json checkpoint = Json::Object{{"format", kFormat},
                                       {"version", kCheckpointVersion},
                                       {"problem", problem.name},
                                       {"space_hash", space_hash(problem)},
                                       {"course", write_fields(course)},
                                       {"reference_point", to_json(state.reference_point)},
                                       {"candidates", std::move(candidates)},
                                       {"population", std::move(population)},
                                       {"archive", std::move(archive)},
                                       {"history", std::move(history)}};
  return checkpoint.dump() + '\n';
}

SearchState read_checkpoint(const Problem& problem, const SearchCourse& course, std::string_view text,
                            const std::string& source_name) {
  const Document document = parse(text, source_name);
  ConfigReader reader(document, source_name);
  if (reader.text("format") != kFormat) reader.fail("format", "is not that of a checkpoint of a search");
  if (const std::int64_t version = reader.integer("version"); version != kCheckpointVersion) {
    reader.fail("version", std::to_string(version) + ", allowed: " + std::to_string(kCheckpointVersion) +
                               " (written by another version of the program)");
  }
  if (const std::string name = reader.text("problem"); name != problem.name) {
    reader.fail("problem", name + ", allowed: " + problem.name + " (a checkpoint of another problem)");
  }
  if (const std::string hash = reader.text("space_hash"); hash != space_hash(problem)) {
    reader.fail("space_hash", hash + ", allowed: " + space_hash(problem) + " (genes, objectives or constraints have changed)");
  }
  ConfigReader stored_course = reader.section("course");
  if (read_fields<SearchCourse>(stored_course) != course) {
    reader.fail("course", "differs from the one asked for (continue with the same algorithm, seed, population and variation)");
  }
  SearchState state = CheckpointReader(problem, reader).read();
  reader.finish();
  return state;
}

}  // namespace crossloom
