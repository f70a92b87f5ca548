#include "compiler/packing/covering_program.h"

#include <coin/Clp_C_Interface.h>
#include <dlfcn.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "support/error.h"

namespace crossloom {
namespace {

/// The functions of Clp in use. The library is loaded when they are first asked for: with LAPACK and the Fortran runtime behind
/// it, linking it would add 3 ms to every start of the program.
struct ClpFunctions {
  decltype(&::Clp_newModel) new_model = nullptr;
  decltype(&::Clp_deleteModel) delete_model = nullptr;
  decltype(&::Clp_setLogLevel) set_log_level = nullptr;
  decltype(&::Clp_resize) resize = nullptr;
  decltype(&::Clp_rowLower) row_lower = nullptr;
  decltype(&::Clp_rowUpper) row_upper = nullptr;
  decltype(&::Clp_addColumns) add_columns = nullptr;
  decltype(&::Clp_primal) primal = nullptr;
  decltype(&::Clp_dualRowSolution) dual_row_solution = nullptr;
};

[[noreturn]] void fail() { throw UserError(std::string("the linear programming solver Clp cannot be loaded: ") + dlerror()); }

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail();
}

ClpFunctions load_clp() {
  void* const library = dlopen(CROSSLOOM_CLP_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail();
  ClpFunctions clp;
  find(library, "Clp_newModel", clp.new_model);
  find(library, "Clp_deleteModel", clp.delete_model);
  find(library, "Clp_setLogLevel", clp.set_log_level);
  find(library, "Clp_resize", clp.resize);
  find(library, "Clp_rowLower", clp.row_lower);
  find(library, "Clp_rowUpper", clp.row_upper);
  find(library, "Clp_addColumns", clp.add_columns);
  find(library, "Clp_primal", clp.primal);
  find(library, "Clp_dualRowSolution", clp.dual_row_solution);
  return clp;
}

const ClpFunctions& clp() {
  static const ClpFunctions functions = load_clp();
  return functions;
}

}  // namespace

struct CoveringProgram::Model {
  struct Deleter {
    void operator()(Clp_Simplex* model) const { clp().delete_model(model); }
  };
  std::unique_ptr<Clp_Simplex, Deleter> simplex{clp().new_model()};
  std::size_t num_rows = 0;
};

CoveringProgram::CoveringProgram(const std::vector<double>& demands) : model_(std::make_unique<Model>()) {
  model_->num_rows = demands.size();
  Clp_Simplex* simplex = model_->simplex.get();
  clp().set_log_level(simplex, 0);
  clp().resize(simplex, static_cast<int>(demands.size()), 0);
  double* lower = clp().row_lower(simplex);
  double* upper = clp().row_upper(simplex);
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
  clp().add_columns(model_->simplex.get(), 1, &lower, &upper, &cost, starts, indices.data(), values.data());
}

std::vector<double> CoveringProgram::worths() {
  Clp_Simplex* simplex = model_->simplex.get();
  // The columns of before are still feasible: the primal simplex goes on from there.
  if (clp().primal(simplex, 0) != 0) throw InternalError("the linear program of the packing bound has no optimum");
  const double* duals = clp().dual_row_solution(simplex);
  std::vector<double> worths(duals, duals + model_->num_rows);
  for (double& worth : worths) worth = std::max(worth, 0.0);
  return worths;
}

}  // namespace crossloom
