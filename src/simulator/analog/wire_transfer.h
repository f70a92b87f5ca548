#pragma once

#include "simulator/device/array_config.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// What wires make of an array of linear cells: wires are linear too, so output currents are again a matrix product
/// I_c = sum_r T(r, c) V_r. `conductances` are in units of `g_max_siemens`, input lines x output lines; so is the result.
///
/// Exact elimination, output line by output line from the far end of the input lines: with Y the admittance matrix of what lies
/// behind a segment of resistance rho, Y (I + rho Y)^-1 lies before it, and an output line adds D - D A^-1 D, where D are its
/// cells and the tridiagonal A is its wire with the cells on it. O(outputs x inputs^3) operations, one Cholesky factorization
/// of a symmetric positive definite matrix an output line.
[[nodiscard]] RealMatrix wire_transfer(const RealMatrix& conductances, const ArrayWires& wires, double g_max_siemens);

/// Share of a change of a cell's conductance that reaches the output current, from the cell and what the wires make it look
/// like (wire_transfer): between 0 and 1, and taken as 1 for a cell without conductance, of which the ratio says nothing.
[[nodiscard]] double passed_by_wires(double conductance, double seen);

}  // namespace crossloom
