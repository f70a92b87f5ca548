#pragma once

#include <span>
#include <vector>

namespace crossloom {

/// Volume that `points` dominate within the box below `reference`, all objectives being minimised (Zitzler, Thiele, IEEE TEVC
/// 1999). Points that are not below the reference in every objective add nothing; dominated and repeated points do no harm;
/// 0 for no points. Exact up to rounding for any number of objectives: a sweep along the first for two and along the last for
/// three (Fonseca, Paquete, Lopez-Ibanez, CEC 2006), O(N log N) both; WFG (While, Bradstreet, Barone, IEEE TEVC 2012) beyond,
/// exponential in the number of objectives at worst. Throws InternalError for a point of another length than the reference.
///
/// Example: {{1, 2}, {2, 1}} below {3, 3} covers 3.
[[nodiscard]] double hypervolume(std::span<const std::vector<double>> points, std::span<const double> reference);

}  // namespace crossloom
