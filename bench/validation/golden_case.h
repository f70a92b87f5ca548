#pragma once

#include <cstdint>
#include <string>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "support/document.h"

namespace crossloom {

/// One case of a cases.json: the array and noise that its parameters describe.
struct GoldenCase {
  std::string name;
  ArrayConfig array;
  DeviceNoise noise;
  std::string inputs = "X_unsigned";  ///< name of its input file
  std::int64_t trials = 0;            ///< of a stochastic case
};

/// The case of a matrix with `num_inputs` inputs. Throws UserError when a parameter is unknown or of an unknown kind: a case is
/// never run as another one.
[[nodiscard]] GoldenCase golden_case(const std::string& name, const Document& node, std::int64_t num_inputs,
                                     const std::string& source_name);

}  // namespace crossloom
