#include "accuracy/input_drive.h"

#include <cmath>

#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {

InputDrive::InputDrive(const ChipConfig& chip, bool has_signed_inputs) : digit_bits_(chip.dac.bits) {
  const std::int64_t bits = chip.arithmetic.activation_bits;
  constexpr std::int64_t kMostBits = 16;
  if (bits > kMostBits) throw UserError("arithmetic.activation_bits: " + std::to_string(bits) + ", allowed: at most 16");
  mask_ = (std::int64_t{1} << bits) - 1;
  const std::int64_t num_digits = ceil_div(bits, digit_bits_);
  const auto add_pass = [&](double sign, bool is_negative_pass) {
    for (std::int64_t digit = 0; digit < num_digits; ++digit) {
      const std::int64_t shift = digit * digit_bits_;
      phases_.push_back({shift, sign * std::ldexp(1.0, static_cast<int>(shift)), is_negative_pass});
    }
  };
  add_pass(1.0, false);
  if (!has_signed_inputs) return;
  switch (chip.arithmetic.input_encoding) {
    case InputEncoding::kUnsigned:
      throw UserError(
          "arithmetic.input_encoding: unsigned, allowed for signed inputs: twos_complement, sign_magnitude_two_pass");
    case InputEncoding::kTwosComplement:
      if (drives_bits()) {
        phases_.back().significance = -phases_.back().significance;
      } else {
        offset_ = std::int64_t{1} << (bits - 1);
      }
      return;
    case InputEncoding::kSignMagnitudeTwoPass:
      has_passes_ = true;
      add_pass(-1.0, true);
      return;
  }
}

}  // namespace crossloom
