#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "accuracy/analog_settings.h"
#include "accuracy/input_drive.h"
#include "simulator/analog/adc_models.h"
#include "support/random_stream.h"

namespace crossloom {

/// Which currents converters are made for.
struct ConvertedCurrents {
  std::int64_t num_columns = 0;
  bool is_signed = false;
  double largest = 1.0;  ///< in levels, of either sign
};

/// The converters behind some columns: codes of one step, zero current being a code.
class ColumnConverters {
 public:
  /// Exact ones.
  ColumnConverters() = default;
  /// A step is as many levels as the largest current needs, at least one. `random`: draws of their imperfections.
  ColumnConverters(const ConverterSettings& settings, std::int64_t bits, const ConvertedCurrents& currents,
                   const RandomStream& random);

  /// sums[i] = sum over the phases of significance x converted current i. `currents` are in levels, `stride` values a phase.
  void convert(const float* currents, std::size_t stride, std::span<const DrivePhase> phases, std::vector<double>& sums) const;

 private:
  bool is_exact_ = true;
  double step_ = 1.0;  ///< a code in levels
  double low_ = 0.0;   ///< lowest and highest code
  double high_ = 0.0;
  std::optional<Converters> imperfect_ = std::nullopt;
};

}  // namespace crossloom
