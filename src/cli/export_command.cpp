#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/network_request.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/ir/initial_weights.h"

namespace crossloom {
namespace {

struct ExportRequest {
  NetworkRequest network;
  std::string path;
  bool wants_external_data = false;
  bool leaves_weights_out = false;
  std::optional<std::uint64_t> seed;  ///< of initial weights
};

/// What becomes of the weights, and the word for it.
std::pair<WeightStore, std::string> exported_weights(const ExportRequest& request, const NetworkFile& file) {
  if (request.seed) return {initial_weights(file.network, *request.seed), "initial"};
  if (request.leaves_weights_out || file.weights.empty()) return {WeightStore(), "none"};
  return {file.weights, "stored"};
}

ExitCode export_network(const ExportRequest& request, Console& console) {
  const NetworkFile file = load_requested_network(request.network);
  const auto [weights, origin] = exported_weights(request, file);
  const OnnxModel model = to_onnx(file.network, weights);
  write_onnx_model(model, request.path, request.wants_external_data ? TensorPlace::kDataFile : TensorPlace::kModelFile);

  const auto num_nodes = static_cast<std::int64_t>(model.nodes.size());
  console.print(fmt::format("wrote {}: {} nodes, weights: {}\n", request.path, num_nodes, origin));
  console.print_json(
      Json::Object{{"network", file.network.name}, {"file", request.path}, {"num_nodes", num_nodes}, {"weights", origin}});
  return ExitCode::kDone;
}

}  // namespace

Action define_export(CLI::App& app) {
  auto request = std::make_shared<ExportRequest>();
  add_network_options(app, request->network);
  app.add_option("OUT", request->path, "the ONNX file to write")->required()->type_name("");
  app.add_flag("--external-data", request->wants_external_data,
               "put tensors of more than 1 KiB into OUT.data beside it; needed above 2 GiB");
  CLI::Option* without =
      app.add_flag("--without-weights", request->leaves_weights_out, "write the layers alone, with constants for weights");
  app.add_option("--initial-weights", request->seed,
                 "write random weights of this seed, as training begins with (He et al., ICCV 2015), instead of stored ones")
      ->type_name("SEED")
      ->excludes(without);
  app.footer(
      "Writes operator set 13, one node of its name for each layer. A network without weights stays without,\n"
      "unless --initial-weights gives it some.");
  return [request](Console& console) { return export_network(*request, console); };
}

}  // namespace crossloom
