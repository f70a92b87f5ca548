#include "accuracy/accuracy_sweep.h"

#include <utility>

#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "support/number_text.h"
#include "support/option_message.h"

namespace crossloom {
namespace {

AnalogSettings settings_for(const ChipConfig& chip, const NoiseSource& noise) {
  if (!noise.noise_file.empty()) return load_settings(noise.noise_file, chip);
  return noise.chip_file.empty() ? settings_of(chip) : load_chip_settings(noise.chip_file, chip);
}

/// "adc.bits=4"; whole numbers without a point, as integer keys want them.
std::string assignment(const std::string& key, double value) {
  constexpr double kWholeInDouble = 9007199254740992.0;  // 2^53
  const bool is_whole =
      value > -kWholeInDouble && value < kWholeInDouble && value == static_cast<double>(static_cast<std::int64_t>(value));
  return key + '=' + (is_whole ? std::to_string(static_cast<std::int64_t>(value)) : shortest_text(value));
}

ChipConfig swept_chip(const ChipConfig& chip, const std::string& key, double value) {
  try {
    return with_overrides(chip, {assignment(key, value)});
  } catch (const UserError& error) {
    // Of a key that looks like one of the noise file, that is what was meant.
    const std::string meant = meant_setting(key);
    if (!meant.empty()) throw UserError("--sweep: " + key + ": unknown key (did you mean " + meant + "?)");
    throw UserError("--sweep: " + without_option(error.what()));
  }
}

}  // namespace

std::vector<SweepPoint> sweep_points(const ChipConfig& chip, const NoiseSource& noise, const std::vector<SweepRange>& sweeps) {
  std::vector<SweepPoint> points = {{.values = {}, .chip = chip, .settings = {}}};
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (sweeps[i].key == sweeps[j].key) throw UserError("--sweep: " + sweeps[i].key + ": is swept twice");
    }
    std::vector<SweepPoint> finer;
    finer.reserve(points.size() * sweeps[i].values.size());
    for (const SweepPoint& point : points) {
      for (const double value : sweeps[i].values) {
        SweepPoint& next = finer.emplace_back(point);
        next.values.push_back(value);
        if (!is_setting(sweeps[i].key)) next.chip = swept_chip(point.chip, sweeps[i].key, value);
      }
    }
    points = std::move(finer);
  }
  for (SweepPoint& point : points) {
    point.settings = settings_for(point.chip, noise);
    for (std::size_t i = 0; i < sweeps.size(); ++i) {
      if (is_setting(sweeps[i].key)) point.settings = with_setting(point.settings, sweeps[i].key, point.values[i]);
    }
  }
  for (const SweepPoint& point : points) check_settings(point.settings, point.chip, sweeps.empty() ? "noise" : "--sweep");
  return points;
}

}  // namespace crossloom
