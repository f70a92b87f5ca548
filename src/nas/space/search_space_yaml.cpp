#include "nas/space/search_space_yaml.h"

#include <algorithm>

#include "compiler/import/layer_description.h"
#include "support/builtin_files.h"
#include "support/config_reader.h"
#include "support/document.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr IntegerRange kChannels{1, kMaxExtent};
constexpr IntegerRange kDepth{1, 1024};
constexpr IntegerRange kKernel{1, 1023};
constexpr NumberRange kFactor{1e-3, 1e3};

/// Refuses an empty list, and one whose values do not ascend: neighbours in it are neighbours in the search.
template <class T>
void check_ascending(const ConfigReader& reader, std::string_view key, const std::vector<T>& values) {
  if (values.empty()) reader.fail(key, "is an empty list, allowed at least one value");
  const auto pair = std::ranges::adjacent_find(values, [](const T& a, const T& b) { return a >= b; });
  if (pair == values.end()) return;
  reader.fail(key, shortest_text(static_cast<double>(pair[0])) + " before " + shortest_text(static_cast<double>(pair[1])) +
                       ", allowed: values that ascend");
}

std::vector<std::int64_t> ascending_integers(ConfigReader& reader, std::string_view key, IntegerRange range) {
  std::vector<std::int64_t> values = reader.integers(key, range);
  check_ascending(reader, key, values);
  return values;
}

std::vector<double> ascending_numbers(ConfigReader& reader, std::string_view key) {
  std::vector<double> values = reader.numbers(key, kFactor);
  check_ascending(reader, key, values);
  return values;
}

ElasticStage read_stage(ConfigReader& reader) {
  ElasticStage stage;
  stage.block = static_cast<ElasticBlock>(reader.choice("block", enum_names(ElasticBlock{})));
  stage.channels = reader.integer("channels", kChannels);
  stage.stride = reader.integer("stride", {1, kKernel.max});
  stage.widths = reader.has("width") ? ascending_numbers(reader, "width") : std::vector<double>{1.0};
  stage.depths = ascending_integers(reader, "depth", kDepth);
  stage.kernels = ascending_integers(reader, "kernel", kKernel);
  for (const std::int64_t kernel : stage.kernels) {
    if (kernel % 2 == 0) reader.fail("kernel", std::to_string(kernel) + ", allowed: odd numbers");
  }
  stage.ratios = ascending_numbers(reader, "ratio");
  stage.activation = static_cast<Activation>(reader.choice("activation", enum_names(Activation::kNone)));
  if (reader.has("squeeze_excite")) {
    if (stage.block != ElasticBlock::kInvertedResidual) reader.fail("squeeze_excite", "allowed in inverted_residual only");
    stage.has_squeeze_excite = reader.boolean("squeeze_excite");
  }
  reader.finish();
  return stage;
}

/// Layers as network files describe them, each of which reads the one before it.
std::vector<Layer> read_fixed_layers(ConfigReader& root, std::string_view key) {
  std::vector<Layer> layers;
  std::vector<ConfigReader> readers = root.sections(key);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (readers[i].has("input") || readers[i].has("inputs"))
      readers[i].fail("input", "is not for a layer of a search space, which reads the one before it");
    const std::vector<LayerDescription> described = read_layer(readers[i], i, "");
    const LayerDescription& description = described[0];
    if (described.size() > 1 || description.has_same_padding || description.is_depthwise || description.restores_channels)
      readers[i].fail("type",
                      "allowed: a layer that needs no other one's shape (no same padding, depthwise or squeeze_excite)");
    layers.push_back(description.layer);
  }
  return layers;
}

constexpr BuiltinFiles kSpaces = {.kind = "search space", .folder = "configs/search_spaces"};

}  // namespace

SearchSpace parse_search_space_yaml(std::string_view text, std::string_view source_name) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader root(document, std::string(source_name));
  SearchSpace space;
  space.name = root.text("name");
  space.source = root.text("source");
  ConfigReader input = root.section("input");
  const std::vector<std::int64_t> extents = input.integers("shape", kChannels);
  if (extents.size() != 3)
    input.fail("shape", "a list of " + std::to_string(extents.size()) + ", allowed: [channels, height, width]");
  space.input_shapes = {{.channels = extents[0], .height = extents[1], .width = extents[2]}};
  space.has_signed_input = input.boolean("signed");
  input.finish();
  space.channel_divisor = root.integer("channel_divisor", kChannels);
  space.has_batch_norm = root.boolean("batch_norm");
  space.stem = read_fixed_layers(root, "stem");
  for (ConfigReader& stage : root.sections("stages")) space.stages.push_back(read_stage(stage));
  space.head = read_fixed_layers(root, "head");
  if (space.stages.empty()) root.fail("stages", "is empty, allowed: at least one stage");
  if (classifier_of(space) < 0) root.fail("head", "has no convolution or linear layer, allowed: at least one, for the classes");
  root.finish();
  return space;
}

std::vector<std::string> builtin_search_space_names() { return kSpaces.names(); }

SearchSpace load_search_space(const std::string& name_or_path) {
  const std::string path = kSpaces.path_of(name_or_path);
  return parse_search_space_yaml(read_text_file(path), path);
}

}  // namespace crossloom
