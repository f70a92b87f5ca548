#include "simulator/device/programming_models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr double kMicro = 1e-6;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

using Sigma = double (*)(double, const ProgrammingNoise&, const ArrayCell&);

double no_sigma(double, const ProgrammingNoise&, const ArrayCell&) { return 0.0; }
double no_draw(double target, const ProgrammingNoise&, const ArrayCell&, RandomStream&) { return target; }

double independent_sigma(double, const ProgrammingNoise& noise, const ArrayCell& cell) {
  return noise.magnitude * cell.g_max_siemens;
}
double proportional_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) { return noise.magnitude * target; }
double inverse_sigma(double target, const ProgrammingNoise& noise, const ArrayCell& cell) {
  return target > 0.0 ? noise.magnitude * cell.g_max_siemens * (cell.g_max_siemens / target) : 0.0;
}
double lognormal_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) {
  return target * std::sqrt(std::expm1(noise.magnitude * noise.magnitude));
}

/// Sigma of a polynomial in microsiemens, lowest power first.
template <std::size_t Size>
double polynomial_sigma(double target, double scale, const std::array<double, Size>& coefficients) {
  double sigma = 0.0;
  for (std::size_t i = Size; i-- > 0;) sigma = sigma * (target / kMicro) + coefficients[i];
  return scale * std::max(sigma, 0.0) * kMicro;
}
// Milo et al., IEEE Transactions on Electron Devices 2021 (recalled): multilevel RRAM, linear fit over 50-225 uS.
double milo_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) {
  return polynomial_sigma(target, noise.magnitude, std::array{4.782321, -0.009107});
}
// Wan et al., Nature 2022 (doi 10.1038/s41586-022-04992-8), Extended Data Fig. 3, cubic fit over 1-39 uS.
double wan_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) {
  return polynomial_sigma(target, noise.magnitude, std::array{1.053, 0.2374, -1.167e-2, 1.536e-4});
}
// Joshi et al., Nature Communications 2020 (doi 10.1038/s41467-020-16108-9), quadratic fit for PCM.
double joshi_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) {
  return polynomial_sigma(target, noise.magnitude, std::array{0.28638599, 0.07585724, -0.00178767});
}
double table_sigma(double target, const ProgrammingNoise& noise, const ArrayCell&) {
  return noise.magnitude * noise.table.sigma_siemens(target);
}

template <Sigma SigmaOf>
double normal_draw(double target, const ProgrammingNoise& noise, const ArrayCell& cell, RandomStream& random) {
  return std::max(target + SigmaOf(target, noise, cell) * random.next_normal(), 0.0);
}

double lognormal_draw(double target, const ProgrammingNoise& noise, const ArrayCell&, RandomStream& random) {
  const double s = noise.magnitude;
  return target * std::exp(s * random.next_normal() - s * s / 2.0);  // the mean stays at the target
}

double table_draw(double target, const ProgrammingNoise& noise, const ArrayCell&, RandomStream& random) {
  const MeasuredTable& table = noise.table;
  const double outcome = table.has_samples() ? table.quantile_siemens(target, random.next_uniform())
                                             : table.mean_siemens(target) + table.sigma_siemens(target) * random.next_normal();
  return std::max(target + noise.magnitude * (outcome - target), 0.0);
}

constexpr std::array<ProgrammingModelInfo, 9> kModels = {{
    {"none", "", "every cell is at its target", 0.0, kNoLimit, no_sigma, no_draw},
    {"normal_independent", "sigma_fraction", "fraction of g_max, the same for every target", 0.0, kNoLimit, independent_sigma,
     normal_draw<independent_sigma>},
    {"normal_proportional", "sigma_fraction", "fraction of the target", 0.0, kNoLimit, proportional_sigma,
     normal_draw<proportional_sigma>},
    {"normal_inverse", "sigma_fraction", "fraction of g_max at the target g_max, growing as g_max / target; 0 at the target 0",
     0.0, kNoLimit, inverse_sigma, normal_draw<inverse_sigma>},
    {"lognormal", "sigma_fraction", "standard deviation of ln(G); the mean stays at the target", 0.0, kNoLimit, lognormal_sigma,
     lognormal_draw},
    {"rram_milo", "sigma_scale_fraction", "of the published sigma: Milo et al., IEEE TED 2021, RRAM, 50-225 uS", 50e-6, 225e-6,
     milo_sigma, normal_draw<milo_sigma>},
    {"rram_wan", "sigma_scale_fraction", "of the published sigma: Wan et al., Nature 2022, RRAM, 1-39 uS", 1e-6, 39.26e-6,
     wan_sigma, normal_draw<wan_sigma>},
    {"pcm_joshi", "sigma_scale_fraction", "of the published sigma: Joshi et al., Nature Communications 2020, PCM, 0-25 uS", 0.0,
     25e-6, joshi_sigma, normal_draw<joshi_sigma>},
    {"measured_table", "deviation_scale_fraction", "of the deviations in a table of measurements", 0.0, kNoLimit, table_sigma,
     table_draw},
}};

constexpr std::array<std::string_view, kModels.size()> kNames = [] {
  std::array<std::string_view, kModels.size()> names;
  for (std::size_t i = 0; i < kModels.size(); ++i) names[i] = kModels[i].name;
  return names;
}();

}  // namespace

std::span<const ProgrammingModelInfo> programming_models() { return kModels; }
const ProgrammingModelInfo& info_of(ProgrammingModel model) { return kModels[static_cast<std::size_t>(model)]; }
std::span<const std::string_view> enum_names(ProgrammingModel) { return kNames; }

std::string programming_problem(const ProgrammingNoise& noise, const ArrayCell& cell) {
  const ProgrammingModelInfo& info = info_of(noise.model);
  double low = info.fit_low_siemens;
  double high = info.fit_high_siemens;
  if (noise.model == ProgrammingModel::kMeasuredTable) {
    low = noise.table.low_siemens();
    high = noise.table.high_siemens();
  }
  // A bound that came out of 1 / resistance may be off by a rounding.
  constexpr double kSlack = 1e-9;
  if (cell.g_min_siemens >= low * (1.0 - kSlack) && cell.g_max_siemens <= high * (1.0 + kSlack)) return "";
  return "programming.model: " + std::string(info.name) + " is known from " + shortest_text(low) + " to " +
         shortest_text(high) + " siemens, the cells range from " + shortest_text(cell.g_min_siemens) + " to " +
         shortest_text(cell.g_max_siemens);
}

}  // namespace crossloom
