#pragma once

#include <string>

#include "compiler/import/load_network.h"

namespace CLI {
class App;
}

namespace crossloom {

/// The options of every command that takes a network, as the user wrote them.
struct NetworkRequest {
  std::string network;
  std::string input;  ///< empty: the network's own shape
  bool treat_unknown_as_vector_op = false;
};

/// Adds NET, --input and --treat-unknown-as-vector-op.
void add_network_options(CLI::App& app, NetworkRequest& request);

/// Loads the network; its warnings go to standard error. Throws UserError.
[[nodiscard]] NetworkFile load_requested_network(const NetworkRequest& request);

}  // namespace crossloom
