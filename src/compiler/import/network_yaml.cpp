#include "compiler/import/network_yaml.h"

#include <fmt/format.h>

#include <utility>

#include "compiler/import/layer_description.h"
#include "compiler/import/network_builder.h"
#include "support/config_reader.h"

namespace crossloom {
namespace {

/// `input.shape`: [channels, height, width], or with a batch of 1 in front.
TensorShape read_shape(ConfigReader& reader) {
  std::vector<std::int64_t> extents = reader.integers("shape", {1, kMaxExtent});
  if (extents.size() == 4 && extents[0] == 1) extents.erase(extents.begin());
  if (extents.size() != 3) {
    reader.fail("shape", fmt::format("{}, allowed: [channels, height, width] or [1, channels, height, width]",
                                     extents.size() == 4 ? fmt::format("a batch of {}", extents[0])
                                                         : fmt::format("a list of {}", extents.size())));
  }
  const TensorShape shape{.channels = extents[0], .height = extents[1], .width = extents[2]};
  if (shape.num_values() > kMaxTensorValues) {
    reader.fail("shape", fmt::format("{}x{}x{}, allowed: at most {} values", shape.channels, shape.height, shape.width,
                                     kMaxTensorValues));
  }
  return shape;
}

ExpectedCounts read_expected(ConfigReader reader) {
  ExpectedCounts expected;
  expected.num_parameters = reader.integer("parameters", {.min = 0});
  expected.num_macs = reader.integer("macs", {.min = 0});
  reader.finish();
  return expected;
}

std::vector<LayerDescription> read_layers(std::span<ConfigReader> readers) {
  std::vector<LayerDescription> layers;
  std::string previous(kInputName);
  for (std::size_t entry = 0; entry < readers.size(); ++entry) {
    for (LayerDescription& layer : read_layer(readers[entry], entry, previous)) layers.push_back(std::move(layer));
    previous = layers.back().layer.name;
  }
  return layers;
}

void check_counts(const Network& network, const ConfigReader& reader) {
  try {
    static_cast<void>(num_parameters(network));
    static_cast<void>(num_macs(network));
  } catch (const UserError& error) {
    reader.fail("layers", error.what());  // each layer counts, their sum does not fit
  }
}

/// The network of the input layer alone.
Network image_of(const NetworkFile& file, const TensorShape& shape) {
  Network image = file.network;
  image.input_shape = shape;
  image.layers = {{.name = std::string(kInputName), .kind = LayerKind::kInput}};
  image.layers[0].output_shape = infer_output_shape(image, image.layers[0]);
  return image;
}

void check_expected(const NetworkFile& file, const ConfigReader& reader) {
  const auto require_equal = [&](std::string_view key, std::int64_t declared, std::int64_t counted) {
    if (declared == counted) return;
    reader.fail("expected",
                fmt::format("{} {}, but those of the layers are {} (correct the one that is wrong)", key, declared, counted));
  };
  require_equal("parameters", file.expected->num_parameters, num_parameters(file.network));
  require_equal("macs", file.expected->num_macs, num_macs(file.network));
}

}  // namespace

NetworkFile parse_network_yaml(std::string_view text, std::string_view source_name,
                               const std::optional<TensorShape>& input_shape) {
  const Document document = parse_yaml(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  NetworkFile file;
  file.network.name = reader.text("name");
  file.network.source = reader.text("source");
  ConfigReader input = reader.section("input");
  file.declared_input_shape = read_shape(input);
  file.network.has_signed_input = input.boolean("signed");
  input.finish();
  if (reader.has("expected")) file.expected = read_expected(reader.section("expected"));
  std::vector<ConfigReader> layer_readers = reader.sections("layers");
  if (layer_readers.empty()) reader.fail("layers", "is empty, allowed: a list of at least one layer");
  reader.finish();

  const std::vector<LayerDescription> layers = read_layers(layer_readers);
  file.network = build_network(image_of(file, input_shape.value_or(file.declared_input_shape)), layers, layer_readers);
  check_counts(file.network, reader);
  if (file.expected && file.network.input_shape == file.declared_input_shape) check_expected(file, reader);
  return file;
}

}  // namespace crossloom
