#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/network_request.h"
#include "report/network_view.h"

namespace crossloom {
namespace {

ExitCode inspect(const NetworkRequest& request, Console& console) {
  const Network network = load_requested_network(request).network;
  console.print(network_text(network));
  console.print_json(network_json(network));
  return ExitCode::kDone;
}

}  // namespace

Action define_inspect(CLI::App& app) {
  auto request = std::make_shared<NetworkRequest>();
  add_network_options(app, *request);
  app.footer("A matrix has a row for each input of a window and a column for each output channel.");
  return [request](Console& console) { return inspect(*request, console); };
}

}  // namespace crossloom
