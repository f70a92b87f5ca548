#include "simulator/analog/nodal_network.h"

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>

#include "simulator/analog/iv_curves.h"
#include "support/error.h"

namespace crossloom {
namespace {

using Vector = Eigen::VectorXd;
using Triplet = Eigen::Triplet<double>;

/// Numbers the nodes that have a voltage of their own: a wire without resistance is one node, or the source or ground itself.
class NodalNetwork {
 public:
  NodalNetwork(const RealMatrix& conductances, std::span<const double> inputs, const ArrayConfig& array)
      : cells_(conductances), inputs_(inputs), curve_(info_of(array.iv.model)), array_(array) {
    const ArrayWires& wires = array.wires;
    row_nodes_ = nodes_a_line(wires.row_ohm, wires.row_terminal_ohm, cells_.cols);
    col_nodes_ = nodes_a_line(wires.col_ohm, wires.col_terminal_ohm, cells_.rows);
  }

  [[nodiscard]] Eigen::Index num_nodes() const { return cells_.rows * row_nodes_ + cells_.cols * col_nodes_; }

  /// Net current out of every node, and with `slopes` the derivative by every voltage.
  [[nodiscard]] Vector net_currents(const Vector& volts, std::vector<Triplet>* slopes) const {
    Vector net = Vector::Zero(num_nodes());
    for (std::int64_t row = 0; row < cells_.rows; ++row) {
      for (std::int64_t col = 0; col < cells_.cols; ++col) {
        const double drop = volt_at(row_node(row, col), inputs_[at(row)], volts) - volt_at(col_node(row, col), 0.0, volts);
        const Branch branch = {cells_.at(row, col) * shape(drop), cells_.at(row, col) * slope(drop)};
        add(row_node(row, col), col_node(row, col), branch, net, slopes);
      }
    }
    for (std::int64_t row = 0; row < cells_.rows; ++row) {
      for (std::int64_t i = 0; i < row_nodes_; ++i) {
        const double ohm = array_.wires.row_ohm + (i == 0 ? array_.wires.row_terminal_ohm : 0.0);
        add_wire(i == 0 ? kFixed : row_node(row, i - 1), row_node(row, i), inputs_[at(row)], ohm, volts, net, slopes);
      }
    }
    for (std::int64_t col = 0; col < cells_.cols; ++col) {
      for (std::int64_t i = 0; i < col_nodes_; ++i) {
        const bool is_last = i + 1 == col_nodes_;
        const double ohm = array_.wires.col_ohm + (is_last ? array_.wires.col_terminal_ohm : 0.0);
        add_wire(is_last ? kFixed : col_node(i + 1, col), col_node(i, col), 0.0, ohm, volts, net, slopes);
      }
    }
    return net;
  }

  /// Sum of the cell currents of each output line: with Kirchhoff's law what leaves at its end.
  [[nodiscard]] std::vector<double> output_currents(const Vector& volts) const {
    std::vector<double> currents(at(cells_.cols));
    for (std::int64_t row = 0; row < cells_.rows; ++row) {
      for (std::int64_t col = 0; col < cells_.cols; ++col) {
        const double drop = volt_at(row_node(row, col), inputs_[at(row)], volts) - volt_at(col_node(row, col), 0.0, volts);
        currents[at(col)] += cells_.at(row, col) * shape(drop);
      }
    }
    return currents;
  }

 private:
  static constexpr std::int64_t kFixed = -1;  ///< a source or the ground
  struct Branch {
    double current;
    double slope;
  };

  static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
  static std::int64_t nodes_a_line(double ohm, double terminal_ohm, std::int64_t num_cells) {
    if (ohm > 0.0) return num_cells;
    return terminal_ohm > 0.0 ? 1 : 0;
  }
  [[nodiscard]] std::int64_t row_node(std::int64_t row, std::int64_t col) const {
    if (row_nodes_ == 0) return kFixed;
    return row * row_nodes_ + std::min(col, row_nodes_ - 1);
  }
  [[nodiscard]] std::int64_t col_node(std::int64_t row, std::int64_t col) const {
    if (col_nodes_ == 0) return kFixed;
    return cells_.rows * row_nodes_ + col * col_nodes_ + std::min(row, col_nodes_ - 1);
  }
  static double volt_at(std::int64_t node, double fixed, const Vector& volts) { return node == kFixed ? fixed : volts(node); }
  [[nodiscard]] double shape(double drop) const {
    const double unit = array_.cell.read_voltage_volt;
    return curve_.shape_volt(drop * unit, array_.iv.coefficient) / unit;
  }
  [[nodiscard]] double slope(double drop) const {
    return curve_.slope(drop * array_.cell.read_voltage_volt, array_.iv.coefficient);
  }
  void add_wire(std::int64_t from, std::int64_t to, double fixed, double ohm, const Vector& volts, Vector& net,
                std::vector<Triplet>* slopes) const {
    const double link = 1.0 / (ohm * array_.cell.g_max_siemens);
    add(from, to, {link * (volt_at(from, fixed, volts) - volts(to)), link}, net, slopes);
  }
  static void add(std::int64_t from, std::int64_t to, const Branch& branch, Vector& net, std::vector<Triplet>* slopes) {
    if (from != kFixed) net(from) += branch.current;
    if (to != kFixed) net(to) -= branch.current;
    if (slopes == nullptr) return;
    if (from != kFixed) slopes->emplace_back(from, from, branch.slope);
    if (to != kFixed) slopes->emplace_back(to, to, branch.slope);
    if (from != kFixed && to != kFixed) {
      slopes->emplace_back(from, to, -branch.slope);
      slopes->emplace_back(to, from, -branch.slope);
    }
  }

  const RealMatrix& cells_;
  std::span<const double> inputs_;
  const IvCurveInfo& curve_;
  const ArrayConfig& array_;
  std::int64_t row_nodes_ = 0;
  std::int64_t col_nodes_ = 0;
};

double largest_magnitude(const Vector& values) { return values.size() == 0 ? 0.0 : values.cwiseAbs().maxCoeff(); }

[[noreturn]] void diverged(std::int64_t num_iterations, double residual) {
  throw UserError("wires: no solution of the node voltages after " + std::to_string(num_iterations) +
                  " Newton steps, net current " + std::to_string(residual) +
                  " of g_max x read voltage (the current-voltage curve falls at these voltages?)");
}

}  // namespace

NodalSolution solve_nodes(const RealMatrix& conductances, std::span<const double> inputs, const ArrayConfig& array,
                          std::int64_t max_iterations) {
  const NodalNetwork network(conductances, inputs, array);
  double largest_input = 0.0;
  for (const double input : inputs) largest_input = std::max(largest_input, std::abs(input));
  const double tolerance = 1e-12 * largest_input * static_cast<double>(std::max(conductances.rows, conductances.cols));
  Vector volts = Vector::Zero(network.num_nodes());
  std::vector<Triplet> slopes;
  Vector net = network.net_currents(volts, nullptr);
  double residual = largest_magnitude(net);
  NodalSolution solution;
  while (residual > tolerance) {
    if (solution.num_iterations == max_iterations) diverged(solution.num_iterations, residual);
    ++solution.num_iterations;
    slopes.clear();
    static_cast<void>(network.net_currents(volts, &slopes));
    Eigen::SparseMatrix<double> system(network.num_nodes(), network.num_nodes());
    system.setFromTriplets(slopes.begin(), slopes.end());
    const Eigen::SimplicialLLT<Eigen::SparseMatrix<double>> factor(system);
    if (factor.info() != Eigen::Success) diverged(solution.num_iterations, residual);
    const Vector step = factor.solve(net);
    double length = 1.0;
    constexpr double kShortest = 1e-6;
    for (;; length *= 0.5) {
      if (length < kShortest) diverged(solution.num_iterations, residual);
      const Vector tried = network.net_currents(volts - length * step, nullptr);
      const double worse_than = residual;
      if (!(largest_magnitude(tried) < worse_than)) {
        // Rounding alone is left when a full step changes nothing any more.
        if (length == 1.0 && residual < 1e3 * tolerance) {
          solution.output_currents = network.output_currents(volts);
          solution.kirchhoff_residual = residual;
          return solution;
        }
        continue;
      }
      volts -= length * step;
      net = tried;
      residual = largest_magnitude(net);
      break;
    }
  }
  solution.output_currents = network.output_currents(volts);
  solution.kirchhoff_residual = residual;
  return solution;
}

}  // namespace crossloom
