#include "simulator/analog/wire_transfer.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>

namespace crossloom {
namespace {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Resistances in units of 1 / g_max.
struct Wires {
  double row = 0.0;
  double row_terminal = 0.0;
  double col = 0.0;
  double col_terminal = 0.0;
};

/// One output line as seen from the input lines.
struct OutputLine {
  Matrix admittance;  ///< currents into the line from the nodes of the input lines
  Vector output;      ///< current out of the line for those voltages
};

/// D A^-1 with A the tridiagonal matrix of the line's wire and cells; the last node leads to the virtual ground.
Matrix cells_over_wire(const Vector& cells, double segment, double last_segment) {
  const Index rows = cells.size();
  const double link = 1.0 / segment;
  Vector pivot(rows);
  Matrix inverse = Matrix::Identity(rows, rows);  // becomes A^-1, a column a node
  for (Index i = 0; i < rows; ++i) {
    double diagonal = cells(i) + (i > 0 ? link : 0.0) + (i + 1 < rows ? link : 1.0 / last_segment);
    if (i > 0) {
      const double factor = link / pivot(i - 1);
      diagonal -= factor * link;
      inverse.col(i).head(i) += factor * inverse.col(i - 1).head(i);
    }
    pivot(i) = diagonal;
  }
  // inverse(k, i) now holds what a current into node k gives at the right side of node i; substitute backwards.
  for (Index i = rows - 1; i >= 0; --i) {
    if (i + 1 < rows) inverse.col(i) += link * inverse.col(i + 1);
    inverse.col(i) /= pivot(i);
  }
  return cells.asDiagonal() * inverse;
}

OutputLine output_line(const Vector& cells, const Wires& wires) {
  const Matrix diagonal = cells.asDiagonal();
  if (wires.col == 0.0 && wires.col_terminal == 0.0) return {diagonal, cells};
  if (wires.col == 0.0) {  // the whole line is one node
    const double total = cells.sum() + 1.0 / wires.col_terminal;
    return {diagonal - cells * cells.transpose() / total, cells / (total * wires.col_terminal)};
  }
  const double last_segment = wires.col + wires.col_terminal;
  const Matrix over_wire = cells_over_wire(cells, wires.col, last_segment);
  return {diagonal - over_wire * cells.asDiagonal(), over_wire.col(cells.size() - 1) / last_segment};
}

/// Moves admittance and outputs over a segment of every input line.
void pass_segment(double resistance, Matrix& admittance, Matrix& outputs) {
  if (resistance == 0.0) return;
  Matrix system = resistance * admittance;
  system.diagonal().array() += 1.0;
  const Eigen::LLT<Matrix> factor(system);
  factor.solveInPlace(outputs);
  factor.solveInPlace(admittance);
  admittance = (0.5 * (admittance + admittance.transpose())).eval();
}

}  // namespace

RealMatrix wire_transfer(const RealMatrix& conductances, const ArrayWires& wires, double g_max_siemens) {
  const Wires relative = {wires.row_ohm * g_max_siemens, wires.row_terminal_ohm * g_max_siemens, wires.col_ohm * g_max_siemens,
                          wires.col_terminal_ohm * g_max_siemens};
  const Index rows = conductances.rows;
  Matrix admittance = Matrix::Zero(rows, rows);
  Matrix outputs(rows, 0);  // column k: the output line conductances.cols - 1 - k
  for (std::int64_t col = conductances.cols - 1; col >= 0; --col) {
    if (outputs.cols() > 0) pass_segment(relative.row, admittance, outputs);
    Vector cells(rows);
    for (Index row = 0; row < rows; ++row) cells(row) = conductances.at(row, col);
    const OutputLine line = output_line(cells, relative);
    admittance += line.admittance;
    outputs.conservativeResize(Eigen::NoChange, outputs.cols() + 1);
    outputs.rightCols(1) = line.output;
  }
  if (outputs.cols() > 0) pass_segment(relative.row + relative.row_terminal, admittance, outputs);
  RealMatrix transfer(conductances.rows, conductances.cols);
  for (std::int64_t row = 0; row < transfer.rows; ++row) {
    for (std::int64_t col = 0; col < transfer.cols; ++col) transfer.at(row, col) = outputs(row, transfer.cols - 1 - col);
  }
  return transfer;
}

double passed_by_wires(double conductance, double seen) {
  return conductance > 0.0 ? std::clamp(seen / conductance, 0.0, 1.0) : 1.0;
}

}  // namespace crossloom
