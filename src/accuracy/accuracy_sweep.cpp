#include "accuracy/accuracy_sweep.h"

#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

AnalogSettings settings_for(const ChipConfig& chip, const std::string& noise_path) {
  return noise_path.empty() ? settings_of(chip) : load_settings(noise_path, chip);
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
    constexpr std::string_view kOption = "--set: ";
    const std::string message = error.what();
    throw UserError("--sweep: " + (message.starts_with(kOption) ? message.substr(kOption.size()) : message));
  }
}

}  // namespace

std::vector<SweepPoint> sweep_points(const ChipConfig& chip, const std::string& noise_path,
                                     const std::optional<SweepRange>& sweep) {
  if (!sweep) return {{.value = 0.0, .chip = chip, .settings = settings_for(chip, noise_path)}};
  std::vector<SweepPoint> points;
  points.reserve(sweep->values.size());
  for (const double value : sweep->values) {
    if (is_setting(sweep->key)) {
      points.push_back({value, chip, with_setting(settings_for(chip, noise_path), sweep->key, value)});
      continue;
    }
    const ChipConfig swept = swept_chip(chip, sweep->key, value);
    points.push_back({value, swept, settings_for(swept, noise_path)});
  }
  return points;
}

}  // namespace crossloom
