#include "compiler/import/layer_order.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace crossloom {
namespace {

/// A cycle among the nodes that are left: each of them reads another one that is left.
std::vector<std::size_t> find_cycle(std::span<const std::vector<std::size_t>> producers,
                                    const std::vector<std::size_t>& num_waiting) {
  const auto is_left = [&](std::size_t node) { return num_waiting[node] > 0; };
  std::size_t node = 0;
  while (!is_left(node)) ++node;
  std::vector<std::size_t> path;
  std::vector<bool> is_on_path(producers.size(), false);
  while (!is_on_path[node]) {
    is_on_path[node] = true;
    path.push_back(node);
    node = *std::ranges::find_if(producers[node], is_left);
  }
  return {std::ranges::find(path, node), path.end()};
}

}  // namespace

LayerOrder topological_order(std::span<const std::vector<std::size_t>> producers) {
  std::vector<std::vector<std::size_t>> consumers(producers.size());
  std::vector<std::size_t> num_waiting(producers.size(), 0);
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t node = 0; node < producers.size(); ++node) {
    num_waiting[node] = producers[node].size();
    for (const std::size_t producer : producers[node]) consumers[producer].push_back(node);
    if (producers[node].empty()) ready.push(node);
  }

  LayerOrder result;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    result.order.push_back(node);
    for (const std::size_t consumer : consumers[node]) {
      if (--num_waiting[consumer] == 0) ready.push(consumer);
    }
  }
  if (result.order.size() < producers.size()) {
    result.order.clear();
    result.cycle = find_cycle(producers, num_waiting);
  }
  return result;
}

}  // namespace crossloom
