#include "accuracy/window_products.h"

#include <Eigen/Core>
#include <algorithm>

namespace crossloom {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

std::vector<double> window_products(const LayerWindows& windows, const std::vector<double>& values,
                                    const std::vector<double>& weights) {
  // Gathered windows of a large image would not fit into memory at once.
  constexpr std::int64_t kGatheredValues = std::int64_t{1} << 20;
  const std::int64_t rows = windows.rows();
  const std::int64_t num_cols = static_cast<std::int64_t>(weights.size()) / rows;
  const std::int64_t cols = num_cols / windows.num_groups();
  const std::int64_t at_once = std::max<std::int64_t>(kGatheredValues / rows, 1);
  std::vector<double> result(static_cast<std::size_t>(num_cols * windows.num_windows()));
  Eigen::Map<RowMajor> products(result.data(), num_cols, windows.num_windows());
  const Eigen::Map<const RowMajor> matrix(weights.data(), num_cols, rows);
  for (std::int64_t group = 0; group < windows.num_groups(); ++group) {
    for (std::int64_t first = 0; first < windows.num_windows(); first += at_once) {
      const std::int64_t count = std::min(at_once, windows.num_windows() - first);
      const std::vector<double> gathered = windows.gather(values, group, first, 1, count, 0, rows);
      const Eigen::Map<const RowMajor> inputs(gathered.data(), count, rows);
      products.block(group * cols, first, cols, count).noalias() = matrix.middleRows(group * cols, cols) * inputs.transpose();
    }
  }
  return result;
}

}  // namespace crossloom
