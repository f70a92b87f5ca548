#include <algorithm>
#include <limits>
#include <numeric>

#include "nas/domination.h"

namespace crossloom {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The points of a front in the order of one objective, as a linked list from which points can be taken out.
class ObjectiveOrder {
 public:
  ObjectiveOrder(std::span<const Score> front, std::size_t objective) : previous_(front.size(), kNone), next_(previous_) {
    std::vector<std::size_t> order(front.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t point) { return front[point].objectives[objective]; });
    values_.reserve(front.size());
    for (const Score& score : front) values_.push_back(score.objectives[objective]);
    span_ = values_[order.back()] - values_[order.front()];
    for (std::size_t i = 1; i < order.size(); ++i) {
      previous_[order[i]] = order[i - 1];
      next_[order[i - 1]] = order[i];
    }
  }

  /// This objective's part of a point's crowding distance.
  [[nodiscard]] double distance(std::size_t point) const {
    if (!(span_ > 0.0)) return 0.0;
    if (previous_[point] == kNone || next_[point] == kNone) return kInfinity;
    return (values_[next_[point]] - values_[previous_[point]]) / span_;
  }

  void remove(std::size_t point) {
    if (previous_[point] != kNone) next_[previous_[point]] = next_[point];
    if (next_[point] != kNone) previous_[next_[point]] = previous_[point];
  }

  [[nodiscard]] std::size_t previous(std::size_t point) const { return previous_[point]; }
  [[nodiscard]] std::size_t next(std::size_t point) const { return next_[point]; }

 private:
  std::vector<double> values_;
  std::vector<std::size_t> previous_;
  std::vector<std::size_t> next_;
  double span_ = 0.0;
};

std::vector<ObjectiveOrder> orders_of(std::span<const Score> front) {
  std::vector<ObjectiveOrder> orders;
  // An infeasible candidate may lack its objectives; a front of such is not ordered by any.
  const bool has_objectives = std::ranges::none_of(front, [](const Score& score) { return score.objectives.empty(); });
  if (front.empty() || !has_objectives) return orders;
  for (std::size_t i = 0; i < front.front().objectives.size(); ++i) orders.emplace_back(front, i);
  return orders;
}

double distance_in(std::span<const ObjectiveOrder> orders, std::size_t point) {
  double sum = 0.0;
  for (const ObjectiveOrder& order : orders) sum += order.distance(point);
  return sum;
}

}  // namespace

std::vector<double> crowding_distances(std::span<const Score> front) {
  const std::vector<ObjectiveOrder> orders = orders_of(front);
  std::vector<double> distances(front.size());
  for (std::size_t point = 0; point < front.size(); ++point) distances[point] = distance_in(orders, point);
  return distances;
}

std::vector<std::size_t> least_crowded(std::span<const Score> front, std::size_t count) {
  std::vector<std::size_t> kept(front.size());
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (count >= kept.size()) return kept;

  std::vector<ObjectiveOrder> orders = orders_of(front);
  std::vector<double> distances = crowding_distances(front);
  while (kept.size() > count) {
    auto victim = kept.begin();
    for (auto point = kept.begin(); point != kept.end(); ++point) {
      if (distances[*point] <= distances[*victim]) victim = point;
    }
    for (ObjectiveOrder& order : orders) order.remove(*victim);
    for (const ObjectiveOrder& order : orders) {
      for (const std::size_t neighbour : {order.previous(*victim), order.next(*victim)}) {
        if (neighbour != kNone) distances[neighbour] = distance_in(orders, neighbour);
      }
    }
    kept.erase(victim);
  }
  return kept;
}

}  // namespace crossloom
