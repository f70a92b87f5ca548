#include "nas/hypervolume.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

#include "support/error.h"

namespace crossloom {
namespace {

using Point = std::vector<double>;
using Points = std::vector<Point>;

bool is_nowhere_worse(const Point& first, const Point& second) {
  return std::ranges::equal(first, second, [](double a, double b) { return a <= b; });
}

/// The points that no other one dominates, each once.
Points without_dominated(const Points& points) {
  Points kept;
  for (const Point& point : points) {
    if (std::ranges::any_of(kept, [&](const Point& other) { return is_nowhere_worse(other, point); })) continue;
    std::erase_if(kept, [&](const Point& other) { return is_nowhere_worse(point, other); });
    kept.push_back(point);
  }
  return kept;
}

double area_2d(Points points, std::span<const double> reference) {
  std::ranges::sort(points);
  double area = 0.0;
  double ceiling = reference[1];
  for (const Point& point : points) {
    if (point[1] >= ceiling) continue;
    area += (reference[0] - point[0]) * (ceiling - point[1]);
    ceiling = point[1];
  }
  return area;
}

/// The area dominated by points that are added one by one: a staircase of x ascending and y descending.
class Staircase {
 public:
  Staircase(double reference_x, double reference_y) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    steps_.emplace(-kInfinity, reference_y);
    steps_.emplace(reference_x, -kInfinity);
  }

  [[nodiscard]] double area() const { return area_; }

  void add(double x, double y) {
    auto next = steps_.upper_bound(x);
    double ceiling = std::prev(next)->second;
    if (ceiling <= y) return;  // dominated
    double left = x;
    for (; next->second >= y; next = steps_.erase(next)) {
      area_ += (next->first - left) * (ceiling - y);
      left = next->first;
      ceiling = next->second;
    }
    area_ += (next->first - left) * (ceiling - y);
    steps_.insert_or_assign(x, y);
  }

 private:
  std::map<double, double> steps_;
  double area_ = 0.0;
};

double volume_3d(Points points, std::span<const double> reference) {
  std::ranges::stable_sort(points, {}, [](const Point& point) { return point[2]; });
  Staircase staircase(reference[0], reference[1]);
  double volume = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    staircase.add(points[i][0], points[i][1]);
    const double top = i + 1 < points.size() ? points[i + 1][2] : reference[2];
    volume += staircase.area() * (top - points[i][2]);
  }
  return volume;
}

double volume_wfg(Points points, std::span<const double> reference);

double volume_of(Points points, std::span<const double> reference) {
  switch (reference.size()) {
    case 1:
      return points.empty() ? 0.0 : reference[0] - std::ranges::min(points)[0];
    case 2:
      return area_2d(std::move(points), reference);
    case 3:
      return volume_3d(std::move(points), reference);
    default:
      return volume_wfg(std::move(points), reference);
  }
}

/// Adds up what each point dominates that none of the later ones does. Sorted so that the last objective worsens, that part is
/// a prism over the other objectives: the later points, limited to the region of this one, agree with it in the last.
double volume_wfg(Points points, std::span<const double> reference) {
  points = without_dominated(points);
  std::ranges::stable_sort(points, std::ranges::greater{}, [](const Point& point) { return point.back(); });
  const std::size_t num_below = reference.size() - 1;
  double volume = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    Points limited;
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      Point& corner = limited.emplace_back(num_below);
      for (std::size_t k = 0; k < num_below; ++k) corner[k] = std::max(point[k], points[j][k]);
    }
    double base = 1.0;
    for (std::size_t k = 0; k < num_below; ++k) base *= reference[k] - point[k];
    base -= volume_of(without_dominated(limited), reference.first(num_below));
    volume += base * (reference.back() - point.back());
  }
  return volume;
}

}  // namespace

double hypervolume(std::span<const std::vector<double>> points, std::span<const double> reference) {
  Points inside;
  for (const Point& point : points) {
    if (point.size() != reference.size()) throw InternalError("hypervolume: a point and the reference differ in length");
    if (std::ranges::equal(point, reference, std::ranges::less{})) inside.push_back(point);
  }
  return reference.empty() ? 0.0 : volume_of(std::move(inside), reference);
}

}  // namespace crossloom
