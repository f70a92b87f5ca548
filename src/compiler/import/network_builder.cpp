#include "compiler/import/network_builder.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "compiler/import/layer_order.h"
#include "compiler/ir/same_padding.h"

namespace crossloom {
namespace {

/// Layer names to node numbers: node 0 is the image, node i + 1 description i.
using NodesByName = std::unordered_map<std::string_view, std::size_t>;

NodesByName number_nodes(const std::vector<LayerDescription>& descriptions, std::span<const ConfigReader> readers) {
  NodesByName nodes{{kInputName, 0}};
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    const LayerDescription& description = descriptions[i];
    const auto [earlier, is_new] = nodes.emplace(description.layer.name, i + 1);
    if (is_new) continue;
    const std::string where =
        earlier->second == 0 ? "the image" : "layers[" + std::to_string(descriptions[earlier->second - 1].entry) + "]";
    readers[description.entry].fail("name", description.layer.name + ", which is the name of " + where + " already");
  }
  return nodes;
}

[[noreturn]] void fail_dangling(const std::string& name, const std::vector<LayerDescription>& descriptions,
                                const ConfigReader& reader) {
  std::vector<std::string_view> names{kInputName};  // in file order: the hint must not depend on a hash
  for (const LayerDescription& description : descriptions) names.push_back(description.layer.name);
  const std::string meant = did_you_mean(name, names);
  reader.fail(reader.has("inputs") ? "inputs" : "input",
              name + " is not a layer" + (meant.empty() ? "" : " (did you mean " + meant + "?)"));
}

std::vector<std::vector<std::size_t>> resolve(const std::vector<LayerDescription>& descriptions, const NodesByName& nodes,
                                              std::span<const ConfigReader> readers) {
  std::vector<std::vector<std::size_t>> producers(descriptions.size() + 1);
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    for (const std::string& name : descriptions[i].input_names) {
      const auto node = nodes.find(name);
      if (node == nodes.end()) fail_dangling(name, descriptions, readers[descriptions[i].entry]);
      producers[i + 1].push_back(node->second);
    }
  }
  return producers;
}

[[noreturn]] void fail_cycle(const std::vector<std::size_t>& cycle, const std::vector<LayerDescription>& descriptions,
                             std::span<const ConfigReader> readers) {
  const LayerDescription& first = descriptions[cycle.front() - 1];  // the image reads nothing: never on a cycle
  std::string path;
  for (const std::size_t node : cycle) path += descriptions[node - 1].layer.name + " reads ";
  readers[first.entry].fail("", "a cycle of layers: " + path + first.layer.name);
}

/// The layers in topological order, without shapes; `order` begins with the image.
Network assemble(Network image, const std::vector<LayerDescription>& descriptions,
                 const std::vector<std::vector<std::size_t>>& producers, const std::vector<std::size_t>& order) {
  std::vector<std::int64_t> position(order.size(), 0);  // of a node in the network
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = static_cast<std::int64_t>(i);
  Network network = std::move(image);
  network.layers.reserve(order.size());
  for (const std::size_t node : std::span(order).subspan(1)) {
    Layer& layer = network.layers.emplace_back(descriptions[node - 1].layer);
    for (const std::size_t producer : producers[node]) layer.inputs.push_back(position[producer]);
  }
  return network;
}

/// Settles what waits for the shapes of earlier layers, then the layer's own shape.
void settle(const Network& network, Layer& layer, const LayerDescription& description) {
  if (description.is_depthwise) layer.num_output_channels = layer.num_groups = input_shape_of(network, layer).channels;
  if (description.restores_channels) {
    const Layer& narrow = network.layers[static_cast<std::size_t>(layer.inputs.front())];
    layer.num_output_channels = input_shape_of(network, narrow).channels;
  }
  if (description.has_same_padding) layer.window = with_same_padding(layer.window, input_shape_of(network, layer));
  layer.output_shape = infer_output_shape(network, layer);
  static_cast<void>(num_parameters(network, layer));  // refuses counts that overflow
  static_cast<void>(num_macs(network, layer));
}

}  // namespace

Network build_network(Network image, const std::vector<LayerDescription>& descriptions, std::span<const ConfigReader> readers) {
  const NodesByName nodes = number_nodes(descriptions, readers);
  const std::vector<std::vector<std::size_t>> producers = resolve(descriptions, nodes, readers);
  const LayerOrder sorted = topological_order(producers);
  if (!sorted.cycle.empty()) fail_cycle(sorted.cycle, descriptions, readers);
  try {
    Network network = assemble(std::move(image), descriptions, producers, sorted.order);
    check_network(network);
    for (std::size_t i = 1; i < network.layers.size(); ++i)
      settle(network, network.layers[i], descriptions[sorted.order[i] - 1]);
    return network;
  } catch (const LayerError& error) {
    const std::size_t node = nodes.at(error.layer());
    if (node == 0) throw;
    readers[descriptions[node - 1].entry].fail("", error.layer() + ": " + error.problem());
  }
}

}  // namespace crossloom
