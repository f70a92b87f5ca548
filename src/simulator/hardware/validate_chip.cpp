#include "simulator/hardware/validate_chip.h"

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"
#include "support/integer_math.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

std::string identity_problem(const ChipConfig& chip) {
  if (chip.name.empty()) return "name: is empty, allowed: text that is not empty";
  if (chip.source.empty()) return "source: is empty, allowed: text that is not empty";
  if (chip.differs_from_source.empty()) return "differs_from_source: is empty, allowed: text that is not empty";
  return "";
}

std::string cell_problem(const CellConfig& cell) {
  if (cell.g_min_siemens < cell.g_max_siemens) return "";
  return "cell.g_min_siemens: " + shortest_text(cell.g_min_siemens) +
         ", allowed: below cell.g_max_siemens = " + shortest_text(cell.g_max_siemens);
}

std::string crossbar_problem(const ChipConfig& chip) {
  const CrossbarConfig& crossbar = chip.crossbar;
  if (crossbar.active_rows > crossbar.rows) {
    return "crossbar.active_rows: " + std::to_string(crossbar.active_rows) +
           ", allowed: at most crossbar.rows = " + std::to_string(crossbar.rows);
  }
  if (crossbar.polarity == Polarity::kOffset && crossbar.polarity_subtraction == PolaritySubtraction::kAnalog) {
    return "crossbar.polarity_subtraction: analog, allowed with crossbar.polarity = offset: digital (there is no pair of "
           "columns)";
  }
  if (columns_per_weight(chip) > crossbar.cols) {
    return "crossbar.cols: " + std::to_string(crossbar.cols) + ", allowed: at least " +
           std::to_string(columns_per_weight(chip)) + ", the columns of one weight (weight_bits, bits_per_cell, polarity)";
  }
  return "";
}

/// Counts and times that later code adds and multiplies without looking.
std::string overflow_problem(const ChipConfig& chip) {
  try {
    const std::int64_t arrays =
        checked_mul(num_crossbars(chip), arrays_per_crossbar(chip), "the number of physical arrays of the chip");
    static_cast<void>(
        checked_mul(arrays, chip.crossbar.rows * chip.crossbar.cols, "crossbar.rows: the number of cells of the chip"));
  } catch (const UserError& error) {
    return error.what();
  }
  try {
    const bool may_be_signed = chip.arithmetic.input_encoding != InputEncoding::kUnsigned;
    const ActivationShape whole{
        .rows = chip.crossbar.rows, .col0 = 0, .cols = num_weight_cols(chip), .has_signed_inputs = may_be_signed};
    static_cast<void>(activation_timing(chip, whole));
    static_cast<void>(activation_events(chip, whole));
  } catch (const UserError& error) {
    return std::string("crossbar: ") + error.what();
  }
  return "";
}

}  // namespace

std::string chip_problem(const ChipConfig& chip) {
  for (const std::string& problem : {identity_problem(chip), cell_problem(chip.cell), crossbar_problem(chip)}) {
    if (!problem.empty()) return problem;
  }
  return overflow_problem(chip);
}

void validate(const ChipConfig& chip, std::string_view source_name) {
  const std::string problem = chip_problem(chip);
  if (!problem.empty()) throw UserError(std::string(source_name) + ": " + problem);
}

}  // namespace crossloom
