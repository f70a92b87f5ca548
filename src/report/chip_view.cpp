#include "report/chip_view.h"

#include <fmt/format.h>

#include <variant>

#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/metrics/peak_figures.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

ActivationTiming full_activation(const ChipConfig& chip) {
  return activation_timing(chip, {.rows = chip.crossbar.rows, .cols = num_weight_cols(chip)});
}

/// What follows from the values, under the names that the JSON gives it.
Json::Object derived_figures(const ChipConfig& chip) {
  const ActivationTiming timing = full_activation(chip);
  const PeakFigures peak = peak_figures(chip);
  return {{"num_weight_rows", chip.crossbar.rows},
          {"num_weight_cols", num_weight_cols(chip)},
          {"num_slices", num_slices(chip)},
          {"arrays_per_crossbar", arrays_per_crossbar(chip)},
          {"adcs_per_array", adcs_per_array(chip)},
          {"num_tiles", num_tiles(chip)},
          {"num_crossbars", num_crossbars(chip)},
          {"activation_latency_ns", fs_to_ns(timing.latency_fs)},
          {"activation_interval_ns", fs_to_ns(timing.interval_fs)},
          {"peak_tops", peak.tops},
          {"peak_tops_per_w", peak.tops_per_w},
          {"peak_tops_per_mm2", peak.tops_per_mm2},
          {"macro_tops_per_w", peak.macro_tops_per_w}};
}

/// A scalar as text.
std::string scalar_text(const Json& value) {
  if (const auto* text = std::get_if<std::string>(&value.value())) return *text;
  if (const auto* number = std::get_if<double>(&value.value())) return shortest_text(*number);
  return value.dump(-1);
}

/// One line a value, under its dotted path.
void add_values(TextTable& table, const std::string& path, const Json& value) {
  const auto* object = std::get_if<Json::Object>(&value.value());
  if (object == nullptr) {
    table.add_row({path, scalar_text(value)});
    return;
  }
  for (const auto& [key, member] : *object) add_values(table, path.empty() ? key : fmt::format("{}.{}", path, key), member);
}

std::string values_text(const Json& value) {
  TextTable table({{"", Align::kLeft}, {"", Align::kLeft}});
  add_values(table, "", value);
  return table.text(2);
}

std::string budget_text(std::vector<ComponentBudget> budget) {
  budget.push_back(total(budget));
  TextTable table({{"component", Align::kLeft}, {"count"}, {"active power"}, {"static power"}, {"area"}});
  for (const ComponentBudget& line : budget) {
    table.add_row({line.component, line.component == "total" ? "" : count_text(line.count), power_text(line.active_power_mw),
                   power_text(line.static_power_mw), area_text(line.area_um2)});
  }
  return table.text(2);
}

Json budget_json(std::vector<ComponentBudget> budget) {
  budget.push_back(total(budget));
  Json::Array lines;
  for (const ComponentBudget& line : budget) {
    lines.emplace_back(Json::Object{{"component", line.component},
                                    {"count", line.count},
                                    {"active_power_mw", line.active_power_mw},
                                    {"static_power_mw", line.static_power_mw},
                                    {"area_um2", line.area_um2}});
  }
  return lines;
}

}  // namespace

double full_activation_ns(const ChipConfig& chip) { return fs_to_ns(full_activation(chip).latency_fs); }

std::string chip_text(const ChipConfig& chip) {
  return fmt::format(
      "values (docs/chips.md explains every key; --set KEY=VALUE replaces one)\n{}"
      "\nwhat follows (peak figures: every crossbar full and busy, a MAC is two operations)\n{}\none tile, as published at "
      "full activity\n{}\nwhole chip\n{}",
      values_text(write_fields(chip)), values_text(derived_figures(chip)), budget_text(tile_budget(chip)),
      budget_text(chip_budget(chip)));
}

Json chip_json(const ChipConfig& chip) {
  return Json::Object{{"chip", write_fields(chip)},
                      {"derived", derived_figures(chip)},
                      {"tile_budget", budget_json(tile_budget(chip))},
                      {"chip_budget", budget_json(chip_budget(chip))}};
}

}  // namespace crossloom
