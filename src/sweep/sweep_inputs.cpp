#include "sweep/sweep_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/import/load_network.h"
#include "compiler/ir/structure_hash.h"
#include "compiler/option_values.h"
#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "support/json.h"
#include "support/option_message.h"
#include "support/version.h"

namespace crossloom {
namespace {

/// All values that a key takes; one empty value when it does not vary.
std::set<std::string> values_of_key(const Sweep& sweep, std::string_view key) {
  std::set<std::string> values;
  for (const SweepAxis& axis : sweep.axes) {
    const auto found = std::ranges::find(axis.keys, key);
    if (found == axis.keys.end()) continue;
    for (const std::vector<std::string>& tuple : axis.values) {
      values.insert(tuple[static_cast<std::size_t>(found - axis.keys.begin())]);
    }
  }
  if (values.empty()) values.insert("");
  return values;
}

bool is_chip_key(std::string_view key) {
  return key != "network" && key != "input" && key != "chip" && !is_compile_option(key);
}

}  // namespace

SweepNetwork sweep_network(Network network) {
  const std::int64_t macs = num_macs(network);
  std::string hash = structure_hash(network);
  return {.network = std::move(network), .structure_hash = std::move(hash), .num_macs = macs};
}

SweepInputs::SweepInputs(const Sweep& sweep) : sweep_(sweep), keys_(keys_of(sweep)) {
  load_networks();
  load_chips();
}

void SweepInputs::load_networks() {
  for (const std::string& name : values_of_key(sweep_, "network")) {
    // A network that cannot be loaded at all ends the sweep here; one that does not take an input fails at its points.
    const SweepNetwork own = sweep_network(load_network(name).network);
    for (const std::string& input : values_of_key(sweep_, "input")) {
      auto& entry = networks_[{name, input}];
      if (input.empty()) {
        entry = own;
        continue;
      }
      try {
        entry = sweep_network(load_network(name, {.input_shape = input_shape_option(input)}).network);
      } catch (const UserError& error) {
        entry = std::string(error.what());
      }
    }
  }
}

void SweepInputs::load_chips() {
  for (const std::string& name : values_of_key(sweep_, "chip")) {
    const ChipConfig chip = load_chip(name);
    for (const SweepAxis& axis : sweep_.axes) {
      for (const std::string& key : axis.keys) {
        if (!is_chip_key(key)) continue;
        try {
          check_key(chip, key);
        } catch (const UserError& error) {
          throw UserError(fmt::format("{}:{}: {}", sweep_.source_name, axis.line, without_option(error.what())));
        }
      }
    }
    chips_.emplace(name, chip);
  }
}

ResolvedPoint SweepInputs::resolve(std::span<const std::string> values) const {
  ResolvedPoint point;
  std::string network;
  std::string input;
  std::vector<std::string> overrides;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == "network") network = values[i];
    if (keys_[i] == "input") input = values[i];
    if (keys_[i] == "chip") point.chip = chips_.at(values[i]);
    if (is_chip_key(keys_[i])) overrides.push_back(keys_[i] + '=' + values[i]);
  }
  std::string options;
  for (const std::string_view name : compile_option_names()) {
    const auto found = std::ranges::find(keys_, name);
    if (found == keys_.end()) continue;
    const std::string& value = values[static_cast<std::size_t>(found - keys_.begin())];
    set_compile_option(point.options, name, value);
    options += fmt::format("{}={};", name, value);
  }
  const auto& loaded = networks_.at({network, input});
  if (const auto* reason = std::get_if<std::string>(&loaded)) throw UserError(*reason);
  point.network = &std::get<SweepNetwork>(loaded);
  if (!overrides.empty()) point.chip = with_overrides(point.chip, overrides);
  point.hash = content_hash(
      fmt::format("{} {} {} {} {} {}", kVersion, enum_names(sweep_.evaluation)[static_cast<std::size_t>(sweep_.evaluation)],
                  sweep_.num_images, options, point.network->structure_hash, write_fields(point.chip).dump(-1)));
  return point;
}

std::string SweepInputs::content_hash_of_all() const {
  std::string all = sweep_.text_hash;
  for (const auto& [key, entry] : networks_) {
    const auto* network = std::get_if<SweepNetwork>(&entry);
    all += fmt::format(" {} {} {}", key.first, key.second,
                       network == nullptr ? std::get<std::string>(entry) : network->structure_hash);
  }
  for (const auto& [name, chip] : chips_) all += fmt::format(" {} {}", name, write_fields(chip).dump(-1));
  return content_hash(all);
}

}  // namespace crossloom
