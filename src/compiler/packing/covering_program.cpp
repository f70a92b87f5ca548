#include "compiler/packing/covering_program.h"

#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "support/error.h"

namespace crossloom {

struct CoveringProgram::Model {
  struct Deleter {
    void operator()(Clp_Simplex* model) const { Clp_deleteModel(model); }
  };
  std::unique_ptr<Clp_Simplex, Deleter> simplex{Clp_newModel()};
  std::size_t num_rows = 0;
};

CoveringProgram::CoveringProgram(const std::vector<double>& demands) : model_(std::make_unique<Model>()) {
  model_->num_rows = demands.size();
  Clp_Simplex* simplex = model_->simplex.get();
  Clp_setLogLevel(simplex, 0);
  Clp_resize(simplex, static_cast<int>(demands.size()), 0);
  double* lower = Clp_rowLower(simplex);
  double* upper = Clp_rowUpper(simplex);
  std::ranges::copy(demands, lower);
  std::fill_n(upper, demands.size(), std::numeric_limits<double>::max());
}

CoveringProgram::~CoveringProgram() = default;
CoveringProgram::CoveringProgram(CoveringProgram&&) noexcept = default;
CoveringProgram& CoveringProgram::operator=(CoveringProgram&&) noexcept = default;

void CoveringProgram::add_column(const std::vector<std::size_t>& rows) {
  std::map<int, double> entries;
  for (const std::size_t row : rows) entries[static_cast<int>(row)] += 1.0;
  std::vector<int> indices;
  std::vector<double> values;
  for (const auto& [row, value] : entries) {
    indices.push_back(row);
    values.push_back(value);
  }
  const double lower = 0.0;
  const double upper = std::numeric_limits<double>::max();
  const double cost = 1.0;
  const CoinBigIndex starts[2] = {0, static_cast<CoinBigIndex>(indices.size())};
  Clp_addColumns(model_->simplex.get(), 1, &lower, &upper, &cost, starts, indices.data(), values.data());
}

std::vector<double> CoveringProgram::worths() {
  Clp_Simplex* simplex = model_->simplex.get();
  // The columns of before are still feasible: the primal simplex goes on from there.
  if (Clp_primal(simplex, 0) != 0) throw InternalError("the linear program of the packing bound has no optimum");
  const double* duals = Clp_dualRowSolution(simplex);
  std::vector<double> worths(duals, duals + model_->num_rows);
  for (double& worth : worths) worth = std::max(worth, 0.0);
  return worths;
}

}  // namespace crossloom
