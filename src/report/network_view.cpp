#include "report/network_view.h"

#include <fmt/format.h>

#include <map>

#include "compiler/lowering/lower.h"
#include "report/quantity.h"
#include "report/text_table.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

/// The weight matrices of a network by layer.
class Matrices {
 public:
  explicit Matrices(const Network& network) {
    for (WeightMatrix& matrix : lower(network).matrices) matrices_.emplace(matrix.layer, matrix);
  }
  /// The layer's matrix, null when it has none.
  [[nodiscard]] const WeightMatrix* of(const Layer& layer) const {
    const auto found = matrices_.find(layer.name);
    return found == matrices_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, WeightMatrix> matrices_;
};

template <class Enum>
std::string name_of(Enum value) {
  return std::string(enum_names(value)[static_cast<std::size_t>(value)]);
}

Json shape_json(const TensorShape& shape) { return Json::Array{shape.channels, shape.height, shape.width}; }

Json matrix_json(const WeightMatrix& matrix) {
  return Json::Object{{"mapping", name_of(matrix.mapping)}, {"rows", matrix.rows}, {"cols", matrix.cols}};
}

std::string count_or_dash(std::int64_t count) { return count == 0 ? "-" : count_text(count); }

}  // namespace

std::string shape_text(const TensorShape& shape) { return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width); }

std::string network_text(const Network& network) {
  const Matrices matrices(network);
  TextTable table({{"layer", Align::kLeft},
                   {"kind", Align::kLeft},
                   {"output"},
                   {"parameters"},
                   {"MACs"},
                   {"matrix"},
                   {"mapping", Align::kLeft}});
  for (const Layer& layer : network.layers) {
    const WeightMatrix* matrix = matrices.of(layer);
    table.add_row({layer.name, name_of(layer.kind), shape_text(layer.output_shape),
                   count_or_dash(num_folded_parameters(network, layer)), count_or_dash(num_macs(network, layer)),
                   matrix ? fmt::format("{} x {}", matrix->rows, matrix->cols) : "-", matrix ? name_of(matrix->mapping) : "-"});
  }
  const std::int64_t folded = num_folded_parameters(network);
  table.add_row({"total", "", "", count_text(folded), count_text(num_macs(network)), "", ""});
  std::string text = fmt::format("{} ({})\n\n", network.name, network.source) + table.text();
  const std::int64_t learned = num_parameters(network);
  if (learned != folded)
    text += fmt::format("\nParameters are counted with batch normalization folded; learned in training: {}.\n",
                        count_text(learned));
  return text;
}

Json network_json(const Network& network) {
  const Matrices matrices(network);
  Json::Array layers;
  for (const Layer& layer : network.layers) {
    Json::Array inputs;
    for (const std::int64_t input : layer.inputs) inputs.emplace_back(network.layers[static_cast<std::size_t>(input)].name);
    const WeightMatrix* matrix = matrices.of(layer);
    layers.emplace_back(Json::Object{{"name", layer.name},
                                     {"kind", name_of(layer.kind)},
                                     {"inputs", std::move(inputs)},
                                     {"activation", name_of(layer.activation)},
                                     {"output_shape", shape_json(layer.output_shape)},
                                     {"num_parameters", num_folded_parameters(network, layer)},
                                     {"num_macs", num_macs(network, layer)},
                                     {"matrix", matrix ? matrix_json(*matrix) : Json()}});
  }
  return Json::Object{{"network", network.name},
                      {"source", network.source},
                      {"input_shape", shape_json(network.input_shape)},
                      {"num_parameters", num_folded_parameters(network)},
                      {"num_macs", num_macs(network)},
                      {"layers", std::move(layers)}};
}

}  // namespace crossloom
