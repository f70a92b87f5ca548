#include "tests/nas/constrained_problems.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace crossloom {
namespace {

using Points = std::vector<std::vector<double>>;

constexpr double kPi = std::numbers::pi;
constexpr int kSamples = 20000;

double square(double value) { return value * value; }

/// The points on the curve x(t), t from 0 to 1, whose violations are at most rounding.
template <class Curve>
void sample(const Problem& problem, const Curve& curve, Points& points) {
  constexpr double kRounding = 1e-9;
  for (int i = 0; i <= kSamples; ++i) {
    Evaluation evaluation = problem.evaluate({.values = curve(double{1} * i / kSamples)});
    if (evaluation.total_violation() <= kRounding) points.push_back(std::move(evaluation.objectives));
  }
}

/// The points of a two-objective front that are not dominated.
Points non_dominated(Points points) {
  std::ranges::sort(points);
  Points kept;
  for (std::vector<double>& point : points) {
    if (kept.empty() || point[1] < kept.back()[1]) kept.push_back(std::move(point));
  }
  return kept;
}

double mix(double from, double to, double t) { return from + (to - from) * t; }

ConstrainedProblem bnh() {
  ConstrainedProblem bnh;
  bnh.problem = {.name = "bnh",
                 .genes = {real_gene("x1", 0.0, 5.0), real_gene("x2", 0.0, 3.0)},
                 .objectives = {"f1", "f2"},
                 .constraints = {"c1", "c2"},
                 .evaluate = [](const Genotype& genotype) {
                   const double x = genotype.values[0];
                   const double y = genotype.values[1];
                   return Evaluation{
                       .objectives = {4.0 * x * x + 4.0 * y * y, square(x - 5.0) + square(y - 5.0)},
                       .violations = {(square(x - 5.0) + y * y) / 25.0 - 1.0, 1.0 - (square(x - 8.0) + square(y + 3.0)) / 7.7}};
                 }};
  using Values = std::vector<double>;
  sample(
      bnh.problem,
      [](double t) {
        return Values{3.0 * t, 3.0 * t};
      },
      bnh.true_front);
  sample(
      bnh.problem,
      [](double t) {
        return Values{mix(3.0, 5.0, t), 3.0};
      },
      bnh.true_front);
  return bnh;
}

ConstrainedProblem srn() {
  ConstrainedProblem srn;
  srn.problem = {.name = "srn",
                 .genes = {real_gene("x1", -20.0, 20.0), real_gene("x2", -20.0, 20.0)},
                 .objectives = {"f1", "f2"},
                 .constraints = {"g1", "g2"},
                 .evaluate = [](const Genotype& genotype) {
                   const double x = genotype.values[0];
                   const double y = genotype.values[1];
                   return Evaluation{.objectives = {square(x - 2.0) + square(y - 1.0) + 2.0, 9.0 * x - square(y - 1.0)},
                                     .violations = {(x * x + y * y) / 225.0 - 1.0, (x - 3.0 * y + 10.0) / 10.0}};
                 }};
  const double end = std::sqrt(225.0 - 6.25);  // where x1 = -2.5 leaves the circle
  sample(
      srn.problem,
      [=](double t) {
        return std::vector<double>{-2.5, mix(2.5, end, t)};
      },
      srn.true_front);
  return srn;
}

/// The front is the non-dominated part of the boundary of the first constraint, r^2 = 1 + 0.1 cos(16 angle).
ConstrainedProblem tnk() {
  ConstrainedProblem tnk;
  tnk.problem = {.name = "tnk",
                 .genes = {real_gene("x1", 0.0, kPi), real_gene("x2", 0.0, kPi)},
                 .objectives = {"f1", "f2"},
                 .constraints = {"c1", "c2"},
                 .evaluate = [](const Genotype& genotype) {
                   const double x = genotype.values[0];
                   const double y = genotype.values[1];
                   const double wave = 0.1 * std::cos(16.0 * std::atan2(x, y));
                   return Evaluation{
                       .objectives = {x, y},
                       .violations = {1.0 + wave - x * x - y * y, (square(x - 0.5) + square(y - 0.5)) / 0.5 - 1.0}};
                 }};
  const auto boundary = [](double t) {
    const double angle = 0.5 * kPi * t;
    const double radius = std::sqrt(1.0 + 0.1 * std::cos(16.0 * angle));
    return std::vector<double>{radius * std::sin(angle), radius * std::cos(angle)};
  };
  sample(tnk.problem, boundary, tnk.true_front);
  tnk.true_front = non_dominated(std::move(tnk.true_front));
  return tnk;
}

Evaluation evaluate_osy(const Genotype& genotype) {
  const std::vector<double>& x = genotype.values;
  double sum_of_squares = 0.0;
  for (const double value : x) sum_of_squares += value * value;
  const double f1 =
      -(25.0 * square(x[0] - 2.0) + square(x[1] - 2.0) + square(x[2] - 1.0) + square(x[3] - 4.0) + square(x[4] - 1.0));
  return {.objectives = {f1, sum_of_squares},
          .violations = {1.0 - (x[0] + x[1]) / 2.0, (x[0] + x[1]) / 6.0 - 1.0, (x[1] - x[0]) / 2.0 - 1.0,
                         (x[0] - 3.0 * x[1]) / 2.0 - 1.0, (square(x[2] - 3.0) + x[3]) / 4.0 - 1.0,
                         1.0 - (square(x[4] - 3.0) + x[5]) / 4.0}};
}

/// Five pieces, all with x4 = x6 = 0.
ConstrainedProblem osy() {
  ConstrainedProblem osy;
  osy.problem = {.name = "osy",
                 .genes = {real_gene("x1", 0.0, 10.0), real_gene("x2", 0.0, 10.0), real_gene("x3", 1.0, 5.0),
                           real_gene("x4", 0.0, 6.0), real_gene("x5", 1.0, 5.0), real_gene("x6", 0.0, 10.0)},
                 .objectives = {"f1", "f2"},
                 .constraints = {"g1", "g2", "g3", "g4", "g5", "g6"},
                 .evaluate = evaluate_osy};
  using Values = std::vector<double>;
  const auto add = [&osy](const auto& curve) { sample(osy.problem, curve, osy.true_front); };
  add([](double t) { return Values{5.0, 1.0, mix(1.0, 5.0, t), 0.0, 5.0, 0.0}; });
  add([](double t) { return Values{5.0, 1.0, mix(1.0, 5.0, t), 0.0, 1.0, 0.0}; });
  add([](double t) {
    const double x1 = mix(4.056, 5.0, t);
    return Values{x1, (x1 - 2.0) / 3.0, 1.0, 0.0, 1.0, 0.0};
  });
  add([](double t) { return Values{0.0, 2.0, mix(1.0, 3.732, t), 0.0, 1.0, 0.0}; });
  add([](double t) { return Values{t, 2.0 - t, 1.0, 0.0, 1.0, 0.0}; });
  osy.true_front = non_dominated(std::move(osy.true_front));
  return osy;
}

}  // namespace

std::optional<ConstrainedProblem> constrained_problem(std::string_view name) {
  if (name == "bnh") return bnh();
  if (name == "srn") return srn();
  if (name == "tnk") return tnk();
  if (name == "osy") return osy();
  return std::nullopt;
}

}  // namespace crossloom
