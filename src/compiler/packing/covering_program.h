#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace crossloom {

/// The linear program: fewest columns, in fractions, that cover each row so many times. Columns are added as they are found.
class CoveringProgram {
 public:
  /// What each row asks for, above 0. Throws UserError when the library of Clp, which is looked for here, is not installed.
  explicit CoveringProgram(const std::vector<double>& demands);
  ~CoveringProgram();
  CoveringProgram(const CoveringProgram&) = delete;
  CoveringProgram& operator=(const CoveringProgram&) = delete;
  CoveringProgram(CoveringProgram&&) noexcept;
  CoveringProgram& operator=(CoveringProgram&&) noexcept;

  /// A column that covers each of `rows` once; a row named twice, twice.
  void add_column(const std::vector<std::size_t>& rows);

  /// Solves it and gives the worth of each row, its dual value: a vector of at least 0 by which no column is worth more than 1,
  /// up to the solver's tolerance, and all demands together are worth the optimum. Throws InternalError when the solver fails,
  /// as where no columns cover a row.
  [[nodiscard]] std::vector<double> worths();

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

}  // namespace crossloom
