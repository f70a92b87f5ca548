#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analog/adc_models.h"
#include "simulator/analog/conversion_kernels.h"
#include "simulator/analog/encoded_inputs.h"
#include "simulator/analog/pair_matrix.h"
#include "simulator/analog/product_kernels.h"
#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// Where a block of the weight matrix lies and what its currents count for.
struct LinesPlace {
  std::int64_t first_input = 0;
  std::int64_t first_output = 0;
  std::int64_t slice = 0;
  std::uint64_t id = 0;       ///< of this block, slice and polarity: key of its draws
  double significance = 1.0;  ///< of a current in the output; negative for G- converted on its own
};

/// The cells that one set of converters sees, in units of g_max: a plane, or a pair subtracted in analog.
struct LineCells {
  RealMatrix positive;
  RealMatrix negative = {};  ///< empty: a single plane
};

/// Currents of cells at levels: whole numbers of level steps.
struct WholeCurrents {
  std::int64_t width = 0;          ///< output lines with the padding
  std::vector<std::int32_t> sums;  ///< vectors x phases x width
  std::vector<WholeUnits> units;   ///< of the sums of each vector and phase
};

/// Output lines with their converters: the cells behind them as a matrix for the kernels.
class ConvertedLines {
 public:
  /// `cells`: as programmed; `seen`: linear cells as the wires make them look (wire_transfer), without wires unused.
  /// `num_steps`: distance of g_min and g_max in level steps when every cell is at a level, else 0.
  ConvertedLines(const LinesPlace& place, LineCells cells, LineCells seen, const ArrayConfig& array, const DeviceNoise& noise,
                 std::int64_t num_steps);

  [[nodiscard]] const LinesPlace& place() const { return place_; }
  [[nodiscard]] std::int64_t num_inputs() const { return num_inputs_; }
  [[nodiscard]] std::int64_t num_outputs() const { return num_outputs_; }
  [[nodiscard]] std::int64_t padded_outputs() const { return padded_outputs_; }

  /// Currents of all phases for vectors [first, last): (last - first) x phases x padded_outputs, without read noise.
  [[nodiscard]] std::vector<double> currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;

  /// Whether `whole_currents` has what `currents` and `add_read_noise` give together: cells at levels, no read noise.
  [[nodiscard]] bool has_whole_currents() const { return has_levels_ && !has_read_noise_; }
  [[nodiscard]] WholeCurrents whole_currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;

  /// Adds one draw an output and phase with the exact mean and variance of the cells' independent read noise.
  void add_read_noise(const EncodedInputs& inputs, std::int64_t first, std::int64_t last, std::uint64_t seed,
                      std::uint64_t layer, std::uint64_t read_trial, std::vector<double>& currents) const;

  void set_converters(Converters converters) { converters_ = std::move(converters); }
  [[nodiscard]] const std::optional<Converters>& converters() const { return converters_; }

 private:
  [[nodiscard]] double drive(std::int32_t digit, double value) const;
  [[nodiscard]] std::vector<double> driven(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;
  [[nodiscard]] std::vector<double> nodal_currents(const std::vector<double>& driven) const;
  [[nodiscard]] WholeCurrents digit_sums(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;
  [[nodiscard]] WholeCurrents bit_sums(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;
  [[nodiscard]] std::vector<double> subset_currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const;
  void prepare_levels(const LineCells& cells, std::int64_t num_steps);
  void prepare_read_noise(const LineCells& cells, const LineCells& seen, const DeviceNoise& noise);

  LinesPlace place_;
  ArrayConfig array_;
  std::int64_t num_inputs_ = 0;
  std::int64_t num_outputs_ = 0;
  std::int64_t padded_outputs_ = 0;
  std::int64_t num_phases_ = 1;
  bool drives_bits_ = false;  ///< one bit a phase through linear cells
  bool is_nodal_ = false;

  LineCells nodal_cells_;             ///< nonlinear cells behind wires
  StripMatrix<double> conductances_;  ///< what linear currents are products with
  // Cells at levels: conductance = level x level_step_ + level_base_.
  bool has_levels_ = false;
  double level_step_ = 0.0;
  double level_base_ = 0.0;
  StripMatrix<std::int16_t> bit_levels_;  ///< for bits
  PairMatrix levels_;                     ///< for digits of several bits
  // Read noise.
  bool has_read_noise_ = false;
  double uniform_variance_ = -1.0;  ///< of every cell; negative: they differ
  StripMatrix<double> variances_;
  StripMatrix<double> mean_shifts_;  ///< of cells whose reads are clipped at 0; empty: none is
  std::optional<Converters> converters_;
};

}  // namespace crossloom
