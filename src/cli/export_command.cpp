#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/network_request.h"
#include "compiler/export/network_to_onnx.h"

namespace crossloom {
namespace {

struct ExportRequest {
  NetworkRequest network;
  std::string path;
  bool wants_external_data = false;
  bool leaves_weights_out = false;
};

ExitCode export_network(const ExportRequest& request, Console& console) {
  const NetworkFile file = load_requested_network(request.network);
  const WeightStore weights = request.leaves_weights_out ? WeightStore() : file.weights;
  const OnnxModel model = to_onnx(file.network, weights);
  write_onnx_model(model, request.path, request.wants_external_data ? TensorPlace::kDataFile : TensorPlace::kModelFile);

  const char* kept = weights.empty() ? "none" : "stored";
  const auto num_nodes = static_cast<std::int64_t>(model.nodes.size());
  console.print(fmt::format("wrote {}: {} nodes, weights: {}\n", request.path, num_nodes, kept));
  console.print_json(
      Json::Object{{"network", file.network.name}, {"file", request.path}, {"num_nodes", num_nodes}, {"weights", kept}});
  return ExitCode::kDone;
}

}  // namespace

Action define_export(CLI::App& app) {
  auto request = std::make_shared<ExportRequest>();
  add_network_options(app, request->network);
  app.add_option("OUT", request->path, "the ONNX file to write")->required()->type_name("");
  app.add_flag("--external-data", request->wants_external_data,
               "put tensors of more than 1 KiB into OUT.data beside it; needed above 2 GiB");
  app.add_flag("--without-weights", request->leaves_weights_out, "write the layers alone, with constants for weights");
  app.footer("Writes operator set 13, one node of its name for each layer. A network without weights stays without.");
  return [request](Console& console) { return export_network(*request, console); };
}

}  // namespace crossloom
