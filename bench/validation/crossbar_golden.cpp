// crossbar_golden FOLDER: runs every case of a folder of golden crossbar outputs (cases.json, W.csv, X_*.csv, <case>_Y.csv or
// <case>_mean.csv and <case>_std.csv, <name>_nodal_Y.csv) and prints its error. Exit status 1 when a case misses its tolerance.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "bench/validation/golden_case.h"
#include "simulator/analog/analog_matrix.h"
#include "simulator/analog/matrix_file.h"
#include "support/error.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

constexpr double kExact = 1e-12;   // of a deterministic case
constexpr double kOfNodal = 1e-6;  // of a case with wires: the reference's own iteration stops near 1e-7
constexpr std::int64_t kThreads = 2;
// Of T trials the standard deviation is known to 1 / sqrt(2 T), so to +-15 % of an element at 300, pooled far better.
// So many times more of our own leave the reference's statistical error alone.
constexpr std::int64_t kOwnTrials = 10;
constexpr double kPooledRms = 0.02;
constexpr double kElementSigma = 0.15;
constexpr double kMeanSigmas = 4.0;
// Of 512 elements a few of the reference's own lie further out (one of S7's by 4.6 standard errors from the exact value).
constexpr double kOutlierFraction = 0.01;

class GoldenFolder {
 public:
  explicit GoldenFolder(std::string folder) : folder_(std::move(folder)), weights_(read("W.csv")) {}

  /// Whether every case met its tolerance.
  bool run() {
    const std::string path = file("cases.json");
    const Document cases = parse_json(read_text_file(path), path);
    for (const auto& [group, members] : cases.members) {
      for (const auto& [name, node] : members.members) run_case(name, node, path);
    }
    std::printf("%lld of %lld cases within tolerance\n", static_cast<long long>(num_met_), static_cast<long long>(num_cases_));
    return num_met_ == num_cases_;
  }

 private:
  [[nodiscard]] std::string file(const std::string& name) const { return (fs::path(folder_) / name).string(); }
  [[nodiscard]] RealMatrix read(const std::string& name) const { return read_matrix(file(name)); }

  void run_case(const std::string& name, const Document& node, const std::string& path) {
    ++num_cases_;
    try {
      const GoldenCase golden = golden_case(name, node, weights_.cols, path);
      const bool met = golden.trials > 0 ? run_stochastic(golden) : run_deterministic(golden);
      if (met) ++num_met_;
    } catch (const UserError& error) {
      std::printf("%-44s refused: %s\n", name.c_str(), error.what());
    }
  }

  bool run_deterministic(const GoldenCase& golden) {
    const RealMatrix inputs = transposed(read(golden.inputs + ".csv"));
    const AnalogMatrix matrix(weights_, golden.array, golden.noise, {}, kThreads);
    const RealMatrix outputs = matrix.multiply(inputs, 0, kThreads);
    bool met = compare(golden, outputs, transposed(read(golden.name + "_Y.csv")), golden.name);
    // The independent nodal solution of an array with only wires of this resistance.
    const ArrayWires& wires = golden.array.wires;
    if (wires.row_ohm > 0.0 && wires.row_ohm == wires.col_ohm && golden.array.adc.model == AdcModel::kNone &&
        golden.array.inputs.bits == 0) {
      char text[32] = {};
      static_cast<void>(std::snprintf(text, sizeof(text), "N_Rp%g_nodal_Y.csv", wires.row_ohm));
      if (fs::exists(file(text))) met = compare(golden, outputs, transposed(read(text)), text) && met;
    }
    return met;
  }

  /// Errors against the rows there are; half-LSB ties are outputs whose error is a whole step of the converter.
  bool compare(const GoldenCase& golden, const RealMatrix& outputs, const RealMatrix& expected, const std::string& name) const {
    double largest = 0.0;
    double squares = 0.0;
    std::int64_t num_off = 0;
    const bool has_wires = golden.array.wires.have_resistance();
    const double tolerance = has_wires ? kOfNodal : kExact;
    for (std::int64_t vector = 0; vector < expected.rows; ++vector) {
      for (std::int64_t col = 0; col < expected.cols; ++col) {
        const double error = std::abs(outputs.at(vector, col) - expected.at(vector, col));
        squares += error * error;
        if (error > tolerance) {
          ++num_off;
          if (is_tie(golden, error)) continue;
        }
        largest = std::max(largest, error);
      }
    }
    const auto count = static_cast<double>(expected.values.size());
    const bool met = largest <= tolerance;
    std::printf("%-44s largest error %.2e  rms %.2e  a whole step off (ties) %lld of %.0f  %s\n", name.c_str(), largest,
                std::sqrt(squares / count), static_cast<long long>(num_off), count, met ? "met" : "MISSED");
    return met;
  }

  /// Whether an error is a sum of few whole steps of the converters (a current halfway between two codes went the other way).
  [[nodiscard]] bool is_tie(const GoldenCase& golden, double error) const {
    const ArrayConfig& array = golden.array;
    if (array.adc.model == AdcModel::kNone || array.adc.range == AdcRange::kCalibrated) return false;
    const MappedWeights mapped = map_weights(RealMatrix(1, 1), array);
    const double codes =
        std::ldexp(1.0, static_cast<int>(array.adc.bits)) - (array.adc.model == AdcModel::kSignMagnitude ? 2.0 : 1.0);
    const double scale =
        array.adc.every_phase && array.inputs.bits > 0 ? 1.0 / static_cast<double>(largest_input_code(array.inputs)) : 1.0;
    double finest = 0.0;
    for (std::size_t slice = 0; slice < mapped.slices.size(); ++slice) {
      // Whole steps of both the largest range and, for signed currents, of twice that.
      const std::int64_t rows = array.grid.max_rows == 0 ? weights_.cols : std::min(array.grid.max_rows, weights_.cols);
      CurrentRange range{0.0, static_cast<double>(rows)};
      if (!array.adc.fixed_ranges.empty()) range = array.adc.fixed_ranges[array.adc.fixed_ranges.size() == 1 ? 0 : slice];
      const double step = (range.high - range.low) / codes * mapped.slices[slice].significance * scale;
      finest = finest == 0.0 ? step : std::min(finest, step);
    }
    const double steps = error / finest;
    return std::abs(steps - std::rint(steps)) < 1e-6 * std::max(steps, 1.0);
  }

  bool run_stochastic(const GoldenCase& golden) {
    const RealMatrix mean = transposed(read(golden.name + "_mean.csv"));
    const RealMatrix sigma = transposed(read(golden.name + "_std.csv"));
    const RealMatrix inputs = transposed(read(golden.inputs + ".csv"));
    const RealMatrix first = block_of(inputs, 0, 0, mean.rows, inputs.cols);
    const RealMatrix ideal = AnalogMatrix(weights_, golden.array, {}, {}, kThreads).multiply(first);
    std::vector<double> sums(ideal.values.size());
    std::vector<double> squares(ideal.values.size());
    const bool is_programmed = golden.noise.programming.model != ProgrammingModel::kNone;
    const std::int64_t num_trials = golden.trials * kOwnTrials;
    for (std::int64_t trial = 0; trial < num_trials; ++trial) {
      const auto number = static_cast<std::uint64_t>(trial);
      const AnalogMatrix matrix(weights_, golden.array, golden.noise, {.seed = 1, .trial = is_programmed ? number : 0},
                                kThreads);
      const RealMatrix outputs = matrix.multiply(first, number);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        const double error = outputs.values[i] - ideal.values[i];
        sums[i] += error;
        squares[i] += error * error;
      }
    }
    return compare_statistics(golden, static_cast<double>(num_trials), sums, squares, mean, sigma);
  }

  static bool compare_statistics(const GoldenCase& golden, double own_trials, const std::vector<double>& sums,
                                 const std::vector<double>& squares, const RealMatrix& mean, const RealMatrix& sigma) {
    const auto trials = static_cast<double>(golden.trials);
    double own_pooled = 0.0;
    double pooled = 0.0;
    std::int64_t num_sigma_off = 0;
    std::int64_t num_mean_off = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double own_mean = sums[i] / own_trials;
      const double own_sigma = std::sqrt(std::max(squares[i] / own_trials - own_mean * own_mean, 0.0));
      own_pooled += squares[i] / own_trials;
      pooled += sigma.values[i] * sigma.values[i] + mean.values[i] * mean.values[i];
      const double ratio = std::abs(own_sigma / sigma.values[i] - 1.0);
      const double distance = std::abs(own_mean - mean.values[i]) / (sigma.values[i] / std::sqrt(trials));
      if (ratio > kElementSigma) ++num_sigma_off;
      if (distance > kMeanSigmas) ++num_mean_off;
    }
    const double rms_ratio = std::sqrt(own_pooled / pooled) - 1.0;
    const auto most_off = static_cast<std::int64_t>(kOutlierFraction * static_cast<double>(sums.size()));
    const bool met = std::abs(rms_ratio) <= kPooledRms && num_sigma_off <= most_off && num_mean_off <= most_off;
    std::printf(
        "%-44s pooled rms off by %+.2f %%, std beyond +-15 %% in %lld and mean beyond 4 standard errors in %lld of %zu  %s\n",
        golden.name.c_str(), 100.0 * rms_ratio, static_cast<long long>(num_sigma_off), static_cast<long long>(num_mean_off),
        sums.size(), met ? "met" : "MISSED");
    return met;
  }

  std::string folder_;
  RealMatrix weights_;
  std::int64_t num_cases_ = 0;
  std::int64_t num_met_ = 0;
};

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: crossbar_golden FOLDER\n");
    return 2;
  }
  try {
    return crossloom::GoldenFolder(argv[1]).run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crossbar_golden: error: %s\n", error.what());
    return 2;
  }
}
