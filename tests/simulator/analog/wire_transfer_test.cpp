#include "simulator/analog/wire_transfer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulator/analog/nodal_network.h"
#include "support/random_stream.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

RealMatrix random_matrix(std::int64_t rows, std::int64_t cols) {
  RandomStream random(1, {});
  RealMatrix matrix(rows, cols);
  for (double& value : matrix.values) value = 0.1 + 0.9 * random.next_uniform();
  return matrix;
}

ArrayConfig array_with(const ArrayWires& wires) {
  ArrayConfig array;
  array.wires = wires;
  return array;
}

TEST(WireTransfer, IsTheConductanceWithoutResistance) {
  const RealMatrix cells = random_matrix(4, 3);
  EXPECT_EQ(wire_transfer(cells, {}, 1e-4), cells);
}

TEST(WireTransfer, OfOneCellIsASeriesCircuit) {
  const ArrayWires wires = {.row_ohm = 10.0, .col_ohm = 20.0, .row_terminal_ohm = 100.0, .col_terminal_ohm = 200.0};
  const RealMatrix transfer = wire_transfer(RealMatrix(1, 1, 0.5), wires, 1e-3);
  EXPECT_NEAR(transfer.at(0, 0), 1e3 / (2e3 + 330.0), 1e-12);  // the cell has 2 kohm, the unit is 1 kohm
}

// Two independent methods: elimination here, Kirchhoff's equations of all nodes there.
TEST(WireTransfer, AgreesWithTheNodesOfTheCircuit) {
  const RealMatrix cells = random_matrix(9, 6);
  for (const ArrayWires& wires :
       {ArrayWires{.row_ohm = 5.0, .col_ohm = 3.0}, ArrayWires{.row_ohm = 50.0}, ArrayWires{.col_ohm = 50.0},
        ArrayWires{.row_ohm = 1.0, .col_ohm = 2.0, .row_terminal_ohm = 300.0, .col_terminal_ohm = 100.0},
        ArrayWires{.row_terminal_ohm = 300.0, .col_terminal_ohm = 100.0}, ArrayWires{.row_ohm = 1e4, .col_ohm = 1e4}}) {
    const RealMatrix transfer = wire_transfer(cells, wires, 1e-4);
    const std::vector<double> inputs = {0.1, 0.9, -0.4, 1.0, 0.0, 0.3, 0.7, -1.0, 0.5};
    const NodalSolution nodes = solve_nodes(cells, inputs, array_with(wires));
    EXPECT_LT(nodes.kirchhoff_residual, 1e-10);
    for (std::int64_t col = 0; col < cells.cols; ++col) {
      double current = 0.0;
      for (std::int64_t row = 0; row < cells.rows; ++row)
        current += transfer.at(row, col) * inputs[static_cast<std::size_t>(row)];
      EXPECT_NEAR(current, nodes.output_currents[static_cast<std::size_t>(col)], 1e-10);
    }
  }
}

TEST(NodalNetwork, SolvesNonlinearCellsToKirchhoffsLaw) {
  ArrayConfig array = array_with({.row_ohm = 50.0, .col_ohm = 50.0});
  array.cell.read_voltage_volt = 0.5;
  array.iv = {.model = IvModel::kSinh, .coefficient = 3.0};
  const std::vector<double> inputs(9, 0.8);
  const NodalSolution nodes = solve_nodes(random_matrix(9, 6), inputs, array);
  EXPECT_LT(nodes.kirchhoff_residual, 1e-10);
  EXPECT_GT(nodes.num_iterations, 1);
}

// One cell of g = 1 behind a terminal of r: i = sinh(k u (v - r i)) / (k u), solved here by bisection.
TEST(NodalNetwork, SolvesOneNonlinearCellAsBisectionDoes) {
  ArrayConfig array = array_with({.row_terminal_ohm = 5000.0});
  array.cell.read_voltage_volt = 1.0;
  array.iv = {.model = IvModel::kSinh, .coefficient = 2.0};
  double low = 0.0;
  double high = 2.0;
  for (int i = 0; i < 100; ++i) {
    const double current = (low + high) / 2;
    (std::sinh(2.0 * (1.0 - 0.5 * current)) / 2.0 > current ? low : high) = current;
  }
  const std::vector<double> inputs = {1.0};
  EXPECT_NEAR(solve_nodes(RealMatrix(1, 1, 1.0), inputs, array).output_currents[0], low, 1e-10);
}

TEST(PassedByWires, IsAShareAlsoForACellWithoutConductance) {
  EXPECT_EQ(passed_by_wires(0.5, 0.25), 0.5);
  EXPECT_EQ(passed_by_wires(0.0, 1e-20), 1.0);  // what rounding leaves behind
  EXPECT_EQ(passed_by_wires(1e-21, 1e-20), 1.0);
}

TEST(NodalNetworkErrors, ReportsThatThereIsNoSolution) {
  ArrayConfig array = array_with({.row_ohm = 1000.0, .col_ohm = 1000.0});
  array.cell.read_voltage_volt = 5.0;
  array.iv = {.model = IvModel::kCubic, .coefficient = 0.25};  // falls beyond 1.15 V
  const std::vector<double> inputs(9, 1.0);
  EXPECT_NE(user_error([&] { return solve_nodes(random_matrix(9, 6), inputs, array).num_iterations; }).find("no solution"),
            std::string::npos);
}

}  // namespace
}  // namespace crossloom
