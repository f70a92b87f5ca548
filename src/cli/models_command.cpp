#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/console.h"
#include "compiler/import/load_network.h"
#include "report/network_view.h"
#include "report/quantity.h"
#include "report/text_table.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

ExitCode list_models(Console& console) {
  TextTable table({{"network", Align::kLeft}, {"input"}, {"parameters"}, {"MACs"}, {"source", Align::kLeft}});
  Json::Array list;
  for (const std::string& name : builtin_network_names()) {
    const Network network = load_network(name).network;
    const TensorShape& input = network.input_shape;
    const std::int64_t parameters = num_parameters(network);
    const std::int64_t macs = num_macs(network);
    table.add_row({name, shape_text(input), count_text(parameters), count_text(macs), network.source});
    list.emplace_back(Json::Object{{"name", name},
                                   {"input_shape", Json::Array{input.channels, input.height, input.width}},
                                   {"num_parameters", parameters},
                                   {"num_macs", macs},
                                   {"source", network.source}});
  }
  console.print(table.text());
  console.print_json(Json(std::move(list)));
  return ExitCode::kDone;
}

}  // namespace

Action define_models(CLI::App& app) {
  app.footer("Any network file can be named in place of a built-in one; docs/networks.md describes the format.");
  return list_models;
}

}  // namespace crossloom
