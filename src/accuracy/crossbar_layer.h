#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "accuracy/analog_settings.h"
#include "accuracy/input_drive.h"
#include "accuracy/layer_windows.h"
#include "accuracy/mapped_layer.h"
#include "simulator/analog/adc_models.h"
#include "simulator/analog/product_kernels.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// What the cell of a slice and polarity holds of a weight code: its digit, 0 to 2^bits_per_cell - 1. Differential cells hold
/// digits of the magnitude on the side of the sign, offset cells those of code + 2^(weight_bits - 1).
[[nodiscard]] std::int64_t cell_level(std::int64_t code, std::int64_t slice, bool is_negative, const ChipConfig& chip);

/// Mean level of all cells of these weights, the highest level being 1.
[[nodiscard]] double mean_cell_level(const std::vector<std::int32_t>& codes, const ChipConfig& chip);

/// Which draws a programming takes.
struct ProgrammingDraws {
  std::uint64_t seed = 0;
  std::uint64_t trial = 0;
};

/// A layer programmed into its crossbars. Currents are in units of one level and one input digit, so that noiseless cells and
/// inputs make whole numbers, which binary32 holds exactly up to 2^24: with exact converters the sums are those of integer
/// arithmetic, bit for bit. Columns of all slices and polarities stand side by side, as they see the same inputs.
class CrossbarLayer {
 public:
  /// Programs every block. Throws UserError: signed inputs under an unsigned encoding, rows whose largest current exceeds 2^24.
  CrossbarLayer(const QuantizedNetwork& quantized, const MappedLayer& mapped, const ChipConfig& chip,
                const AnalogSettings& settings, const ProgrammingDraws& draws);

  /// Appends the currents of the columns, as the converters see them, for these input codes; to calibrate on.
  void collect_currents(const std::vector<std::int32_t>& codes, std::vector<double>& result) const;
  /// Sets converters to a range of +-`largest_current`, or 0 to it.
  void set_range(double largest_current);

  /// Sums of weight code x input code: output channels x windows. Read noise is drawn anew for each image.
  [[nodiscard]] std::vector<double> accumulate(const std::vector<std::int32_t>& codes, std::uint64_t image) const;

 private:
  /// Columns of an area: slices x planes x num_cols, planes being G+ and G- when they are converted apart.
  struct Area {
    ReadArea place;
    std::int64_t copy = 0;
    StripMatrix<float> cells;
    StripMatrix<float> variances = {};                    ///< of a read, when there is read noise
    std::vector<double> weight_sums = {};                 ///< a column: sum of its weight codes
    std::optional<Converters> converters = std::nullopt;  ///< imperfect ones
  };
  /// The windows of one copy that are computed together.
  struct Batch {
    std::vector<std::int32_t> codes;  ///< windows x rows
    std::int64_t num_windows = 0;
    std::int64_t first_window = 0;
  };

  void program_block(const MappedLayer& mapped, std::int64_t index, const ProgrammingDraws& draws);
  [[nodiscard]] RealMatrix digits_of(const PlacedBlock& block, std::int64_t slice, bool is_negative) const;
  void add_area(const ReadArea& place, const PlacedBlock& block, const std::vector<RealMatrix>& columns,
                const std::vector<RealMatrix>& variances);
  void set_step(double largest_current);
  [[nodiscard]] std::int32_t weight_code(std::int64_t row, std::int64_t col) const;
  [[nodiscard]] std::vector<std::uint8_t> patterns(const Batch& batch, std::int64_t num_rows) const;
  [[nodiscard]] std::vector<float> products(const StripMatrix<float>& matrix, const Batch& batch, bool squares) const;
  [[nodiscard]] std::vector<float> currents(const Area& area, const Batch& batch) const;
  void add_read_noise(const Area& area, const Batch& batch, std::uint64_t stream, std::uint64_t image,
                      std::vector<float>& currents) const;
  void convert(const Area& area, const float* currents, std::vector<double>& sums) const;
  void add_outputs(const Area& area, const std::vector<double>& sums, double code_sum, std::int64_t window,
                   std::vector<double>& result) const;
  template <class Take>
  void for_each_batch(const Area& area, const std::vector<std::int32_t>& codes, Take take) const;

  const QuantizedNetwork* quantized_;
  std::size_t layer_;
  std::int64_t matrix_;
  std::int64_t num_copies_;
  ChipConfig chip_;
  AnalogSettings settings_;
  LayerWindows windows_;
  InputDrive drive_;
  ProgrammingDraws draws_;
  bool is_offset_;
  std::int64_t num_slices_;
  std::int64_t num_planes_;  ///< converted apart
  double level_step_;        ///< of g_max
  double slice_base_;        ///< a level of slice i + 1 in levels of slice i
  double base_;              ///< g_min in levels, where it reaches a converter; 0 otherwise
  bool is_signed_current_;
  double adc_step_ = 1.0;  ///< a code in levels
  std::vector<Area> areas_;
};

}  // namespace crossloom
