#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/option_values.h"
#include "compiler/import/network_yaml.h"
#include "report/network_view.h"

namespace crossloom {
namespace {

struct InspectRequest {
  std::string network;
  std::string input;
};

ExitCode inspect(const InspectRequest& request, Console& console) {
  std::optional<TensorShape> input_shape;
  if (!request.input.empty()) input_shape = input_shape_option(request.input);
  const Network network = load_network(request.network, input_shape).network;
  console.print(network_text(network));
  console.print_json(network_json(network));
  return ExitCode::kDone;
}

}  // namespace

Action define_inspect(CLI::App& app) {
  auto request = std::make_shared<InspectRequest>();
  app.add_option("NET", request->network, "a built-in network (crossloom models) or a .yaml file")->required()->type_name("");
  app.add_option("--input", request->input, "shape of the image, such as 1x3x64x64 (default: the network's)")
      ->type_name("1xCxHxW");
  app.footer("A matrix has a row for each input of a window and a column for each output channel.");
  return [request](Console& console) { return inspect(*request, console); };
}

}  // namespace crossloom
