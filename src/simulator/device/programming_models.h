#pragma once

#include <span>
#include <string>
#include <string_view>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "support/random_stream.h"

namespace crossloom {

/// A line of the table of programming models. All conductances in siemens; an outcome below 0 counts as 0.
struct ProgrammingModelInfo {
  std::string_view name;
  std::string_view magnitude_key;  ///< key of the magnitude in a noise file
  std::string_view meaning;        ///< what the magnitude is a fraction of, and the source
  double fit_low_siemens;          ///< range of targets that the model was fitted on; targets outside are refused
  double fit_high_siemens;
  /// Declared standard deviation of the outcome at a target, before the clip at 0.
  double (*sigma_siemens)(double target_siemens, const ProgrammingNoise& noise, const ArrayCell& cell);
  /// One outcome.
  double (*draw_siemens)(double target_siemens, const ProgrammingNoise& noise, const ArrayCell& cell, RandomStream& random);
};

/// Every model, in the order of ProgrammingModel.
[[nodiscard]] std::span<const ProgrammingModelInfo> programming_models();

[[nodiscard]] const ProgrammingModelInfo& info_of(ProgrammingModel model);

/// What keeps a model from being used with cells of this range (fit range), empty when nothing does.
[[nodiscard]] std::string programming_problem(const ProgrammingNoise& noise, const ArrayCell& cell);

}  // namespace crossloom
