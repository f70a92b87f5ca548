#pragma once

#include <cstdint>

#include "simulator/hardware/chip_config.h"
#include "support/units.h"

namespace crossloom {

/// What one activation of a block does: which rows and weight columns of a crossbar are read, and whether inputs are signed.
struct ActivationShape {
  std::int64_t rows = 0;
  std::int64_t col0 = 0;
  std::int64_t cols = 0;
  bool has_signed_inputs = false;
  friend bool operator==(const ActivationShape&, const ActivationShape&) = default;
};

/// Duration of one activation (an analog matrix-vector product of a block with one input vector).
///
/// With P = input phases x row groups, D = drive and read of a phase, C = conversion, A = shift-add, L = loading the input
/// register, S = storing the output register:
///   serial:    latency = L + P (D + C + A) + S,                    interval = latency
///   pipelined: latency = L + D + C + A + (P - 1) max(D, C, A) + S, interval = P max(D, C, A)
/// where each of L, D, C, A, S is rounded up to whole femtoseconds once:
///   L = input_register.cycles_per_activation, S = output_register.cycles_per_activation, A = shift_add.cycles_per_phase
///   clocks, D = input_register.cycles_per_phase clocks + (row_select_ns + settle_ns + read_ns), C = column_select_ns +
///   conversions_per_adc(cols) samples of the ADC.
/// A serial activation spends everything on the crossbar; a pipelined one lets the next activation enter after `interval_fs`.
struct ActivationTiming {
  std::int64_t num_phases = 0;
  TimeFs load_fs = 0;        ///< L
  TimeFs drive_fs = 0;       ///< D: input register shift + row select + DAC settling + read
  TimeFs convert_fs = 0;     ///< C: column select + conversions one after another on the busiest ADC
  TimeFs accumulate_fs = 0;  ///< A
  TimeFs store_fs = 0;       ///< S
  TimeFs latency_fs = 0;
  TimeFs interval_fs = 0;
  friend bool operator==(const ActivationTiming&, const ActivationTiming&) = default;
};

/// Input phases of an activation: ceil(activation_bits / dac.bits), doubled for signed inputs in two passes, times the row
/// groups ceil(rows / active_rows). Throws UserError when the inputs are signed and the chip's encoding is unsigned.
[[nodiscard]] std::int64_t num_phases(const ChipConfig& chip, std::int64_t rows, bool has_signed_inputs);

/// Throws UserError as `num_phases` does and for a time beyond 64 bits, InternalError for a shape that does not lie in a
/// crossbar.
[[nodiscard]] ActivationTiming activation_timing(const ChipConfig& chip, const ActivationShape& shape);

/// Events of one activation over all physical arrays of the crossbar, for the energy model. With I input phases (before row
/// groups), P = I x row groups, and c converted columns over all converting arrays:
struct ActivationEvents {
  std::int64_t row_drives = 0;             ///< rows x I x arrays: each row belongs to one row group
  std::int64_t cell_reads = 0;             ///< row_drives x physical columns of the block: the other columns are not biased
  std::int64_t column_samples = 0;         ///< c x P: every row group's sums are sampled
  std::int64_t conversions = 0;            ///< c x P
  std::int64_t shift_adds = 0;             ///< c x P
  std::int64_t input_register_bytes = 0;   ///< ceil(rows x activation_bits / 8), once into each array's register
  std::int64_t output_register_bytes = 0;  ///< ceil(cols x accumulator_bits / 8), once
  friend bool operator==(const ActivationEvents&, const ActivationEvents&) = default;

  ActivationEvents& operator+=(const ActivationEvents& more);
  /// Of several activations alike.
  [[nodiscard]] ActivationEvents times(std::int64_t num_activations) const;
};

/// Throws as `activation_timing`.
[[nodiscard]] ActivationEvents activation_events(const ChipConfig& chip, const ActivationShape& shape);

}  // namespace crossloom
