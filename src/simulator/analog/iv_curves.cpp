#include "simulator/analog/iv_curves.h"

#include <array>
#include <cmath>

namespace crossloom {
namespace {

double linear_shape(double volt, double) { return volt; }
double linear_slope(double, double) { return 1.0; }
double cubic_shape(double volt, double a) { return volt - a * volt * volt * volt; }
double cubic_slope(double volt, double a) { return 1.0 - 3.0 * a * volt * volt; }
double sinh_shape(double volt, double k) { return k == 0.0 ? volt : std::sinh(k * volt) / k; }
double sinh_slope(double volt, double k) { return std::cosh(k * volt); }

constexpr std::array<IvCurveInfo, 3> kCurves = {{
    {"linear", "I = G V", linear_shape, linear_slope},
    {"cubic", "I = G (V - a V^3), a in 1/V^2", cubic_shape, cubic_slope},
    {"sinh", "I = G sinh(k V) / k, k in 1/V (trap-assisted tunnelling, as in most compact RRAM models)", sinh_shape,
     sinh_slope},
}};

constexpr std::array<std::string_view, kCurves.size()> kNames = [] {
  std::array<std::string_view, kCurves.size()> names;
  for (std::size_t i = 0; i < kCurves.size(); ++i) names[i] = kCurves[i].name;
  return names;
}();

}  // namespace

std::span<const IvCurveInfo> iv_curves() { return kCurves; }
const IvCurveInfo& info_of(IvModel model) { return kCurves[static_cast<std::size_t>(model)]; }
std::span<const std::string_view> enum_names(IvModel) { return kNames; }

}  // namespace crossloom
