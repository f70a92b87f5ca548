#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "report/chip_view.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

struct ChipsRequest {
  std::string chip;
  std::vector<std::string> overrides;
};

/// The first sentence or line of a chip's source: what fits a list.
std::string short_source(const std::string& source) {
  constexpr std::size_t kLongest = 60;
  return source.size() <= kLongest ? source : source.substr(0, source.rfind(' ', kLongest)) + " ...";
}

ExitCode list_chips(Console& console) {
  TextTable table({{"chip", Align::kLeft},
                   {"crossbar"},
                   {"crossbars"},
                   {"tiles"},
                   {"weight bits"},
                   {"arrays a crossbar"},
                   {"activation"},
                   {"source", Align::kLeft}});
  Json::Array list;
  for (const std::string& name : chip_preset_names()) {
    const ChipConfig chip = load_chip(name);
    table.add_row({name, fmt::format("{} x {}", chip.crossbar.rows, num_weight_cols(chip)), count_text(num_crossbars(chip)),
                   count_text(num_tiles(chip)), count_text(chip.arithmetic.weight_bits), count_text(arrays_per_crossbar(chip)),
                   time_text(full_activation_ns(chip)), short_source(chip.source)});
    list.emplace_back(Json::Object{{"name", name},
                                   {"num_weight_rows", chip.crossbar.rows},
                                   {"num_weight_cols", num_weight_cols(chip)},
                                   {"num_crossbars", num_crossbars(chip)},
                                   {"num_tiles", num_tiles(chip)},
                                   {"weight_bits", chip.arithmetic.weight_bits},
                                   {"arrays_per_crossbar", arrays_per_crossbar(chip)},
                                   {"activation_latency_ns", full_activation_ns(chip)},
                                   {"source", chip.source}});
  }
  console.print(table.text());
  console.print_json(Json(std::move(list)));
  return ExitCode::kDone;
}

ExitCode show_chip(const ChipsRequest& request, Console& console) {
  const ChipConfig chip = with_overrides(load_chip(request.chip), request.overrides);
  console.print(chip_text(chip));
  console.print_json(chip_json(chip));
  return ExitCode::kDone;
}

}  // namespace

Action define_chips(CLI::App& app) {
  auto request = std::make_shared<ChipsRequest>();
  app.add_option("CHIP", request->chip, "a built-in chip or a .yaml file to show in full (default: list the built-in ones)")
      ->type_name("");
  app.add_option("--set", request->overrides, "replace one value, such as adc.columns_per_adc=64; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.footer("In the list, a crossbar's size counts weights, not cells. docs/chips.md explains every key.");
  return [request](Console& console) {
    if (!request->chip.empty()) return show_chip(*request, console);
    if (!request->overrides.empty()) throw UserError("--set: needs a chip to change, as in crossloom chips isaac-ce --set ...");
    return list_chips(console);
  };
}

}  // namespace crossloom
