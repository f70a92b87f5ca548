#include "simulator/hardware/activation_timing.h"

#include <algorithm>
#include <string>

#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr const char* kTime = "the time of an activation in femtoseconds";
constexpr const char* kCount = "the number of events of an activation";

TimeFs sum(TimeFs a, TimeFs b) { return checked_add(a, b, kTime); }

std::int64_t product(std::int64_t a, std::int64_t b) { return checked_mul(a, b, kCount); }

std::int64_t num_input_phases(const ChipConfig& chip, bool has_signed_inputs) {
  const std::int64_t digits = ceil_div(chip.arithmetic.activation_bits, chip.dac.bits);
  if (!has_signed_inputs) return digits;
  switch (chip.arithmetic.input_encoding) {
    case InputEncoding::kUnsigned:
      throw UserError(
          "arithmetic.input_encoding: unsigned, but inputs are signed (allowed for them: twos_complement, "
          "sign_magnitude_two_pass)");
    case InputEncoding::kTwosComplement:
      return digits;
    case InputEncoding::kSignMagnitudeTwoPass:
      return 2 * digits;
  }
  throw InternalError("InputEncoding outside its range");
}

void require_rows(const ChipConfig& chip, std::int64_t rows) {
  if (rows < 1 || rows > chip.crossbar.rows) {
    throw InternalError("an activation of " + std::to_string(rows) + " rows in a crossbar of " +
                        std::to_string(chip.crossbar.rows));
  }
}

}  // namespace

std::int64_t num_phases(const ChipConfig& chip, std::int64_t rows, bool has_signed_inputs) {
  require_rows(chip, rows);
  return num_input_phases(chip, has_signed_inputs) * ceil_div(rows, chip.crossbar.active_rows);
}

ActivationTiming activation_timing(const ChipConfig& chip, const ActivationShape& shape) {
  const std::int64_t clock_hz = chip.clock.digital_hz;
  const std::int64_t conversions = conversions_per_adc(chip, shape.col0, shape.cols);
  ActivationTiming timing;
  timing.num_phases = num_phases(chip, shape.rows, shape.has_signed_inputs);
  timing.load_fs = cycles_to_fs(chip.input_register.cycles_per_activation, clock_hz);
  timing.drive_fs = sum(cycles_to_fs(chip.input_register.cycles_per_phase, clock_hz),
                        ns_to_fs(chip.crossbar.row_select_ns + chip.dac.settle_ns + chip.crossbar.read_ns));
  timing.convert_fs = sum(ns_to_fs(chip.crossbar.column_select_ns), cycles_to_fs(conversions, chip.adc.samples_per_s));
  timing.accumulate_fs = cycles_to_fs(chip.shift_add.cycles_per_phase, clock_hz);
  timing.store_fs = cycles_to_fs(chip.output_register.cycles_per_activation, clock_hz);

  const TimeFs phase_fs = sum(sum(timing.drive_fs, timing.convert_fs), timing.accumulate_fs);
  const TimeFs register_fs = sum(timing.load_fs, timing.store_fs);
  switch (chip.crossbar.phase_overlap) {
    case PhaseOverlap::kSerial:
      timing.latency_fs = sum(register_fs, checked_mul(timing.num_phases, phase_fs, kTime));
      timing.interval_fs = timing.latency_fs;
      return timing;
    case PhaseOverlap::kPipelined: {
      const TimeFs step_fs = std::max({timing.drive_fs, timing.convert_fs, timing.accumulate_fs});
      timing.latency_fs = sum(sum(register_fs, phase_fs), checked_mul(timing.num_phases - 1, step_fs, kTime));
      timing.interval_fs = checked_mul(timing.num_phases, step_fs, kTime);
      return timing;
    }
  }
  throw InternalError("PhaseOverlap outside its range");
}

ActivationEvents activation_events(const ChipConfig& chip, const ActivationShape& shape) {
  // Refuses columns outside the crossbar.
  static_cast<void>(conversions_per_adc(chip, shape.col0, shape.cols));
  const std::int64_t phases = num_phases(chip, shape.rows, shape.has_signed_inputs);
  const std::int64_t input_phases = num_input_phases(chip, shape.has_signed_inputs);
  const std::int64_t arrays = arrays_per_crossbar(chip);
  const std::int64_t converted_columns = shape.cols * converted_columns_per_weight(chip) * converting_arrays_per_crossbar(chip);
  ActivationEvents events;
  events.row_drives = product(product(shape.rows, input_phases), arrays);
  events.cell_reads = product(events.row_drives, shape.cols * columns_per_weight(chip));
  events.column_samples = product(converted_columns, phases);
  events.conversions = events.column_samples;
  events.shift_adds = events.conversions;
  events.input_register_bytes = ceil_div(shape.rows * chip.arithmetic.activation_bits, 8) * arrays;
  events.output_register_bytes = ceil_div(shape.cols * chip.arithmetic.accumulator_bits, 8);
  return events;
}

ActivationEvents& ActivationEvents::operator+=(const ActivationEvents& more) {
  row_drives += more.row_drives;
  cell_reads += more.cell_reads;
  column_samples += more.column_samples;
  conversions += more.conversions;
  shift_adds += more.shift_adds;
  input_register_bytes += more.input_register_bytes;
  output_register_bytes += more.output_register_bytes;
  return *this;
}

ActivationEvents ActivationEvents::times(std::int64_t num_activations) const {
  return {.row_drives = row_drives * num_activations,
          .cell_reads = cell_reads * num_activations,
          .column_samples = column_samples * num_activations,
          .conversions = conversions * num_activations,
          .shift_adds = shift_adds * num_activations,
          .input_register_bytes = input_register_bytes * num_activations,
          .output_register_bytes = output_register_bytes * num_activations};
}

}  // namespace crossloom
