#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace crossloom {

/// An order of nodes in which each stands after its producers; among those that may come next, the one that stands first in
/// `producers` does. `producers[i]` are the indices of the nodes that i reads.
struct LayerOrder {
  std::vector<std::size_t> order;  ///< empty when there is a cycle
  std::vector<std::size_t> cycle;  ///< empty, or nodes each of which reads the next, and the last the first
};

/// O(edges + nodes log nodes) (Kahn, Comm. ACM 1962).
/// Example: {{1}, {}, {0}} gives order 1, 0, 2.
[[nodiscard]] LayerOrder topological_order(std::span<const std::vector<std::size_t>> producers);

}  // namespace crossloom
