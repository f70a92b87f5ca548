#include "nas/candidate/search_file.h"

#include <algorithm>
#include <array>
#include <set>

#include "compiler/option_values.h"
#include "nas/candidate/candidate_figures.h"
#include "nas/space/search_space_yaml.h"
#include "support/config_reader.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"
#include "support/option_message.h"

namespace crossloom {
namespace {

/// What read_space reads.
constexpr std::array<std::string_view, 6> kSpaceKeys = {"space", "input", "signed_input", "width", "classes", "stem_stride"};
constexpr NumberRange kWidth{0.01, 100.0};
constexpr IntegerRange kClasses{1, kMaxExtent};
constexpr IntegerRange kStemStride{1, 1024};
constexpr IntegerRange kBatch{1, 1'000'000};
constexpr IntegerRange kRncSteps{1, 1'000'000'000'000};

/// What `read` gives; a UserError of it becomes one about the key.
template <class Read>
auto about_key(const ConfigReader& reader, std::string_view key, const Read& read) {
  try {
    return read();
  } catch (const UserError& error) {
    reader.fail(key, without_option(error.what()));
  }
}

/// The texts of a value, or of a list of values.
std::vector<std::string> texts_of(ConfigReader& reader, const std::string& key) {
  const auto member = std::ranges::find(reader.node().members, key, [](const auto& entry) { return entry.first; });
  const bool is_list = member != reader.node().members.end() && member->second.kind == Document::Kind::kSequence;
  std::vector<std::string> values = is_list ? reader.texts(key) : std::vector<std::string>{reader.text(key)};
  if (values.empty()) reader.fail(key, "is an empty list, allowed at least one value");
  if (std::set<std::string>(values.begin(), values.end()).size() != values.size())
    reader.fail(key, "has a value twice, allowed: different values");
  return values;
}

/// The space with what the file says of it: inputs, width, classes, stride of the stem.
SearchSpace read_space(ConfigReader& root) {
  const std::string name = root.text("space");
  SearchSpace space = about_key(root, "space", [&] { return load_search_space(name); });
  if (root.has("input")) {
    space.input_shapes.clear();
    for (const std::string& text : texts_of(root, "input")) {
      space.input_shapes.push_back(about_key(root, "input", [&] { return input_shape_option(text); }));
    }
    std::ranges::sort(space.input_shapes, {}, &TensorShape::num_values);
  }
  if (root.has("signed_input")) space.has_signed_input = root.boolean("signed_input");
  if (root.has("width")) space.width_multiplier = root.number("width", kWidth);
  if (root.has("classes"))
    space.head[static_cast<std::size_t>(classifier_of(space))].num_output_channels = root.integer("classes", kClasses);
  if (root.has("stem_stride")) {
    const std::int64_t stride = root.integer("stem_stride", kStemStride);
    if (space.stem.empty()) root.fail("stem_stride", "the space has no stem");
    space.stem[0].window.stride_height = space.stem[0].window.stride_width = stride;
  }
  return space;
}

HardwareChoice read_hardware(ConfigReader& section, const std::string& key) {
  const auto member = std::ranges::find(section.node().members, key, [](const auto& entry) { return entry.first; });
  HardwareChoice choice{.key = key, .line = member->second.line, .values = texts_of(section, key)};
  if (!is_compile_option(key)) return choice;
  for (const std::string& value : choice.values) {
    about_key(section, key, [&] {
      CompileOptions options;
      set_compile_option(options, key, value);
    });
  }
  return choice;
}

std::string unknown_goal(const std::string& name) {
  std::string known;
  for (const std::string_view goal : search_goal_names()) known.append(known.empty() ? "" : ", ").append(goal);
  const std::string meant = did_you_mean(name, search_goal_names());
  return name + " is not one of " + known + (meant.empty() ? "" : " (did you mean " + meant + "?)");
}

void read_goals(ConfigReader& root, SearchFile& file) {
  for (const std::string& name : root.texts("objectives")) {
    const auto found = std::ranges::find(search_goal_names(), name);
    if (found == search_goal_names().end()) root.fail("objectives", unknown_goal(name));
    file.objectives.push_back(static_cast<std::size_t>(found - search_goal_names().begin()));
  }
  constexpr std::size_t kFewestObjectives = 2;
  if (file.objectives.size() < kFewestObjectives)
    root.fail("objectives", std::to_string(file.objectives.size()) + " objectives, allowed: two or more");
  if (std::set<std::size_t>(file.objectives.begin(), file.objectives.end()).size() != file.objectives.size())
    root.fail("objectives", "has one twice, allowed: different ones");
  if (root.has("constraints")) {
    ConfigReader section = root.section("constraints");
    for (std::size_t goal = 0; goal < search_goal_figures().size(); ++goal) {
      const std::string_view figure = search_goal_figures()[goal];
      if (section.has(figure)) file.constraints.push_back({.goal = goal, .limit = section.number(figure, {1e-300, 1e300})});
    }
    section.finish();
  }
}

AccuracySettings read_accuracy(ConfigReader& root) {
  AccuracySettings settings;
  if (!root.has("accuracy")) return settings;
  ConfigReader section = root.section("accuracy");
  constexpr std::int64_t kMostImages = 10'000'000;
  constexpr std::int64_t kMostTrials = 10'000;
  if (section.has("images")) settings.num_images = section.integer("images", {1, kMostImages});
  if (section.has("calibration_images"))
    settings.num_calibration_images = section.integer("calibration_images", {2, kMostImages});
  if (section.has("other_images")) settings.takes_other_images = section.boolean("other_images");
  if (section.has("noise")) settings.noise = section.text("noise");
  if (section.has("trials")) settings.num_trials = section.integer("trials", {2, kMostTrials});
  if (section.has("deviations")) settings.deviations = section.number("deviations", {0.0, 100.0});
  if (section.has("samples")) settings.samples = section.text("samples");
  if (section.has("candidates")) settings.candidates = section.text("candidates");
  section.finish();
  return settings;
}

void read_options(ConfigReader& root, SearchOptions& options) {
  if (!root.has("search")) return;
  ConfigReader section = root.section("search");
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  SearchCourse& course = options.course;
  if (section.has("algorithm"))
    course.algorithm = static_cast<SearchAlgorithm>(section.choice("algorithm", enum_names(SearchAlgorithm{})));
  if (section.has("seed")) course.seed = section.integer("seed", {.min = 0});
  if (section.has("population")) course.population_size = section.integer("population", {2, 1'000'000});
  if (section.has("archive")) course.archive_capacity = section.integer("archive", {0, kMost});
  if (section.has("generations")) options.max_generations = section.integer("generations", {0, kMost});
  if (section.has("evaluations")) options.max_evaluations = section.integer("evaluations", {1, kMost});
  if (section.has("stall_generations")) options.stall_generations = section.integer("stall_generations", {0, kMost});
  if (section.has("crossover_probability"))
    course.variation.crossover_probability = section.number("crossover_probability", {0.0, 1.0});
  if (section.has("mutated_genes")) course.variation.mutated_genes = section.number("mutated_genes", {0.0, 1e6});
  section.finish();
}

}  // namespace

SearchFile parse_search_yaml(std::string_view text, std::string_view source_name) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader root(document, std::string(source_name));
  SearchFile file;
  file.source_name = source_name;
  file.space = read_space(root);
  file.chip = root.text("chip");
  if (root.has("hardware")) {
    ConfigReader section = root.section("hardware");
    for (const std::string& key : section.keys()) file.hardware.push_back(read_hardware(section, key));
    section.finish();
  }
  if (root.has("score")) file.score = static_cast<EvaluationKind>(root.choice("score", enum_names(EvaluationKind{})));
  if (root.has("batch")) file.batch = root.integer("batch", kBatch);
  read_goals(root, file);
  if (root.has("rnc_steps")) {
    file.num_rnc_steps = root.integer("rnc_steps", kRncSteps);
    if (!has_goal(file, kRncGoal)) root.fail("rnc_steps", "has no effect: no objective or constraint is about RNC's evaluator");
  }
  file.accuracy = read_accuracy(root);
  if (root.has("baseline")) file.baseline = root.text("baseline");
  read_options(root, file.options);
  root.finish();
  return file;
}

bool has_goal(const SearchFile& file, std::string_view name) {
  const auto is_meant = [name](std::size_t goal) { return search_goals()[goal].name == name; };
  return std::ranges::any_of(file.objectives, is_meant) || std::ranges::any_of(file.constraints, is_meant, &GoalLimit::goal);
}

std::string space_lines(std::string_view text, std::string_view source_name) {
  const auto written = [](const Document& scalar) {
    return scalar.is_quoted ? Json(scalar.scalar).dump(-1) : scalar.scalar;  // a JSON text is one of YAML, too
  };
  std::string lines;
  for (const auto& [key, value] : parse_yaml(text, source_name).members) {
    if (std::ranges::find(kSpaceKeys, key) == kSpaceKeys.end()) continue;
    std::string list;
    for (const Document& item : value.items) list.append(list.empty() ? "" : ", ").append(written(item));
    lines.append(key).append(": ");
    lines.append(value.kind == Document::Kind::kSequence ? '[' + list + ']' : written(value)).append("\n");
  }
  return lines;
}

}  // namespace crossloom
