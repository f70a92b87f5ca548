#include "simulator/device/read_noise.h"

#include <array>
#include <cmath>
#include <numbers>

namespace crossloom {
namespace {

double no_sigma(double, const ReadNoise&, const ArrayCell&) { return 0.0; }
double independent_sigma(double, const ReadNoise& noise, const ArrayCell& cell) { return noise.magnitude * cell.g_max_siemens; }
double proportional_sigma(double conductance, const ReadNoise& noise, const ArrayCell&) {
  return noise.magnitude * conductance;
}
double one_over_f_sigma(double conductance, const ReadNoise& noise, const ArrayCell&) {
  constexpr double kReadSeconds = 250e-9;  // t_r of Joshi et al., Nature Communications 2020
  if (noise.time_s <= kReadSeconds) return 0.0;
  return noise.magnitude * conductance * std::sqrt(std::log((noise.time_s + kReadSeconds) / (2.0 * kReadSeconds)));
}

constexpr std::array<ReadNoiseInfo, 4> kModels = {{
    {"none", "a cell reads the same each time", no_sigma},
    {"normal_independent", "fraction of g_max, the same for every cell", independent_sigma},
    {"normal_proportional", "fraction of the cell's conductance", proportional_sigma},
    {"one_over_f",
     "q in sigma = q G sqrt(ln((t + t_r) / (2 t_r))), t_r = 250 ns, t since programming (Joshi et al., Nature Communications "
     "2020)",
     one_over_f_sigma},
}};

constexpr std::array<std::string_view, kModels.size()> kNames = [] {
  std::array<std::string_view, kModels.size()> names;
  for (std::size_t i = 0; i < kModels.size(); ++i) names[i] = kModels[i].name;
  return names;
}();

}  // namespace

std::span<const ReadNoiseInfo> read_noise_models() { return kModels; }
const ReadNoiseInfo& info_of(ReadNoiseModel model) { return kModels[static_cast<std::size_t>(model)]; }
std::span<const std::string_view> enum_names(ReadNoiseModel) { return kNames; }

ReadMoments read_moments(double conductance, const ReadNoise& noise, const ArrayCell& cell) {
  const double sigma = info_of(noise.model).sigma_siemens(conductance * cell.g_max_siemens, noise, cell) / cell.g_max_siemens;
  constexpr double kOutOfReach = 5.0;
  if (conductance >= kOutOfReach * sigma) return {.mean_shift = 0.0, .variance = sigma * sigma};
  const double a = conductance / sigma;
  const double above = 0.5 * std::erfc(-a / std::numbers::sqrt2);
  const double density = std::exp(-0.5 * a * a) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const double mean = conductance * above + sigma * density;
  const double mean_square = (conductance * conductance + sigma * sigma) * above + conductance * sigma * density;
  return {.mean_shift = mean - conductance, .variance = mean_square - mean * mean};
}

}  // namespace crossloom
