#pragma once

#include <cstdint>
#include <vector>

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// One phase of an activation: a digit of every input drives the rows.
struct DrivePhase {
  std::int64_t shift = 0;     ///< lowest bit of the digit in the word
  double significance = 1.0;  ///< of the digit in the input's code
  bool is_negative_pass = false;
};

/// How input codes reach the rows, phase by phase (InputEncoding): code = sum over phases of significance x digit - offset.
class InputDrive {
 public:
  /// Throws UserError when signed inputs meet an unsigned encoding, or inputs have more than 16 bits.
  InputDrive(const ChipConfig& chip, bool has_signed_inputs);

  [[nodiscard]] const std::vector<DrivePhase>& phases() const { return phases_; }
  [[nodiscard]] std::int64_t largest_digit() const { return (std::int64_t{1} << digit_bits_) - 1; }
  [[nodiscard]] bool drives_bits() const { return digit_bits_ == 1; }
  /// Added to each code before it is driven; its product with the weights is subtracted digitally.
  [[nodiscard]] std::int64_t offset() const { return offset_; }

  /// What is driven for a code in a pass, all digits together.
  [[nodiscard]] std::uint32_t word(std::int32_t code, bool is_negative_pass) const {
    const std::int64_t value = is_negative_pass ? -std::int64_t{code} : std::int64_t{code} + offset_;
    if (has_passes_ && value < 0) return 0;
    return static_cast<std::uint32_t>(value & mask_);
  }
  [[nodiscard]] std::uint32_t digit(std::int32_t code, const DrivePhase& phase) const {
    return (word(code, phase.is_negative_pass) >> phase.shift) & static_cast<std::uint32_t>(largest_digit());
  }
  [[nodiscard]] std::int64_t phases_a_pass() const { return static_cast<std::int64_t>(phases_.size()) / (has_passes_ ? 2 : 1); }
  [[nodiscard]] std::int64_t num_passes() const { return has_passes_ ? 2 : 1; }

 private:
  std::int64_t digit_bits_ = 1;
  std::int64_t offset_ = 0;
  bool has_passes_ = false;
  std::int64_t mask_ = 0;  ///< of an input's bits
  std::vector<DrivePhase> phases_;
};

}  // namespace crossloom
