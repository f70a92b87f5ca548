#include "cli/network_request.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "compiler/option_values.h"

namespace crossloom {

void add_network_options(CLI::App& app, NetworkRequest& request) {
  app.add_option("NET", request.network, "a built-in network (crossloom models), or a .yaml or .onnx file")
      ->required()
      ->type_name("");
  app.add_option("--input", request.input,
                 "shape of the image, such as 1x3x64x64; settles symbolic extents (default: the network's)")
      ->type_name("1xCxHxW");
  app.add_flag("--treat-unknown-as-vector-op", request.treat_unknown_as_vector_op,
               "take an ONNX operator that is not supported as an operation of the vector unit, with a warning");
}

NetworkFile load_requested_network(const NetworkRequest& request) {
  NetworkOptions options;
  if (!request.input.empty()) options.input_shape = input_shape_option(request.input);
  if (request.treat_unknown_as_vector_op) options.unknown_operator = UnknownOperator::kVectorOperation;
  NetworkFile file = load_network(request.network, options);
  for (const std::string& warning : file.warnings) fmt::print(stderr, "crossloom: warning: {}\n", warning);
  return file;
}

}  // namespace crossloom
