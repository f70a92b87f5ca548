#pragma once

#include <vector>

namespace crossloom {

/// Spearman's rank correlation (American Journal of Psychology, 1904): Pearson's correlation of the ranks, equal values sharing
/// their mean rank. 1 when all values of one side are equal, as then no order is contradicted. Throws std::invalid_argument for
/// lists of different length or shorter than 2.
[[nodiscard]] double spearman(const std::vector<double>& a, const std::vector<double>& b);

/// The value that a `fraction` of the values, 0 to 1, does not exceed; the lower one between two. Throws std::invalid_argument
/// when there is none.
[[nodiscard]] double quantile(std::vector<double> values, double fraction);

}  // namespace crossloom
