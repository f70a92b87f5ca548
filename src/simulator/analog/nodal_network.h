#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulator/device/array_config.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// State of an array's wires and cells for one input vector.
struct NodalSolution {
  std::vector<double> output_currents = {};  ///< of each output line, in units of g_max x read voltage
  double kirchhoff_residual = 0.0;           ///< largest net current into a node, in the same units
  std::int64_t num_iterations = 0;           ///< Newton steps
};

/// Solves the nodes of an array with any current-voltage curve by Newton's method, halving a step that makes the largest net
/// current worse; a sparse Cholesky factorization a step. Voltages of `inputs` are in units of the read voltage, one an input
/// line. Throws UserError when `max_iterations` steps do not bring the residual below 1e-12 of the largest input's current
/// through all cells (the curve has no slope left, or none at these voltages).
[[nodiscard]] NodalSolution solve_nodes(const RealMatrix& conductances, std::span<const double> inputs,
                                        const ArrayConfig& array, std::int64_t max_iterations = 100);

}  // namespace crossloom
