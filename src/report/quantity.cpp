#include "report/quantity.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace crossloom {
namespace {

struct Unit {
  std::string_view name;
  double size = 1.0;  ///< in the unit of the value
};

/// Four significant digits without an exponent.
std::string four_digits(double value) {
  if (value == 0.0) return "0";
  // Digits after the point of the value once it is rounded to four digits, so that 9.99996 becomes 10.00 and not 10.000.
  const double rounded = std::stod(fmt::format("{:.3e}", value));
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(rounded))));
  return fmt::format("{:.{}f}", value, std::max(0, 3 - magnitude));
}

/// The value in the largest unit that it reaches once rounded; `units` ascend.
std::string in_units(double value, std::span<const Unit> units) {
  constexpr double kRoundsUpFrom = 0.99995;
  const Unit* best = units.data();
  for (const Unit& unit : units) {
    if (std::abs(value) >= kRoundsUpFrom * unit.size) best = &unit;
  }
  return fmt::format("{} {}", four_digits(value / best->size), best->name);
}

}  // namespace

std::string time_text(double ns) {
  static constexpr std::array<Unit, 4> kUnits = {{{"ns", 1.0}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
  return in_units(ns, kUnits);
}

std::string energy_text(double pj) {
  static constexpr std::array<Unit, 5> kUnits = {{{"pJ", 1.0}, {"nJ", 1e3}, {"uJ", 1e6}, {"mJ", 1e9}, {"J", 1e12}}};
  return in_units(pj, kUnits);
}

std::string power_text(double mw) {
  static constexpr std::array<Unit, 3> kUnits = {{{"uW", 1e-3}, {"mW", 1.0}, {"W", 1e3}}};
  return in_units(mw, kUnits);
}

std::string area_text(double um2) {
  // Chips are compared in mm2, so the switch comes early.
  constexpr double kSmallestInMm2 = 1e4;
  constexpr double kUm2AMm2 = 1e6;
  if (std::abs(um2) < kSmallestInMm2) return four_digits(um2) + " um2";
  return four_digits(um2 / kUm2AMm2) + " mm2";
}

std::string rate_text(double per_s) { return four_digits(per_s) + " / s"; }

std::string fraction_text(double fraction) { return fmt::format("{:.4f}", fraction); }

std::string count_text(std::int64_t count) {
  std::string text = std::to_string(count);
  constexpr std::size_t kGroup = 3;
  const std::size_t first_digit = count < 0 ? 1 : 0;
  for (std::size_t end = text.size(); end > first_digit + kGroup; end -= kGroup) text.insert(end - kGroup, 1, ',');
  return text;
}

}  // namespace crossloom
