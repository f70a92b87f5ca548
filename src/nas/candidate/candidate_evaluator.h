#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/compile.h"
#include "compiler/ir/network.h"
#include "nas/candidate/accuracy_prediction.h"
#include "nas/candidate/candidate_figures.h"
#include "nas/candidate/search_file.h"
#include "nas/problem.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Scores the accuracy of networks, from outside: it needs what this library does without (LibTorch).
struct AccuracyScorer {
  std::string identity = {};  ///< of everything that scores depend on beside the network and the chip
  /// Called from several threads at once; depends on its arguments alone.
  std::function<CandidateAccuracy(const Subnetwork& subnetwork, const ChipConfig& chip)> score = {};
};

/// Whether an objective or a limit of the file is about accuracy.
[[nodiscard]] bool needs_images(const SearchFile& file);

/// Scores the candidates of a search: network, compilation, estimate or simulation. Usable from several threads at once.
class CandidateEvaluator {
 public:
  /// The file must outlive it. `accuracy` and `prediction` may stay empty when the file does not need them. Throws UserError
  /// `file:line: hardware.key: ...` for a chip that cannot be loaded, keys it does not have, values that are refused alone
  /// and by themselves, and, in a search about RNC's evaluator, crossbars of another size than RNC's.
  explicit CandidateEvaluator(const SearchFile& file, AccuracyScorer accuracy = {}, AccuracyPrediction prediction = {});

  /// The problem to search: genes of the space, then one for each hardware choice of several values; objectives under their
  /// names, what is to be large with its sign turned; the constraint `crossbars` (needed over available - 1), then those of the
  /// file (figure over limit - 1, or limit over figure - 1). Refers to this object. Its name holds everything that a score
  /// depends on as a hash. Throws UserError when the file is about accuracy and nothing scores it, InternalError when
  /// it is about predicted accuracy and nothing predicts it.
  [[nodiscard]] Problem problem() const;

  /// Network of a candidate.
  [[nodiscard]] Network network_of(const Genotype& genotype) const;
  /// Values of the genes as tables show them, in the order of the genes: kernel 5 and not its index. Empty for a gene that does
  /// not count.
  [[nodiscard]] std::vector<std::string> gene_texts(const Genotype& genotype) const;
  /// The inverse of gene_texts: the candidate whose genes show these texts. Throws UserError for a text that no value of its
  /// gene shows.
  [[nodiscard]] Genotype genotype_of(const std::vector<std::string>& texts) const;
  /// Compiles a network for the hardware of a candidate.
  [[nodiscard]] std::variant<CompiledNetwork, DoesNotFit> compiled(const Network& network, const Genotype& genotype) const;
  /// Those of the space, then one for each hardware choice of several values.
  [[nodiscard]] std::vector<Gene> genes() const;
  /// Scores a candidate but for its accuracy. `more_effort`: mappings under RNC's rules are also searched for ten times as
  /// long. Throws UserError when it cannot be: chip values that do not go together, an input too small.
  [[nodiscard]] CandidateFigures figures_of(const Genotype& genotype, EvaluationKind evaluation,
                                            bool more_effort = false) const;
  /// What figures_of leaves out; for files that need images.
  [[nodiscard]] CandidateAccuracy accuracy_of(const Genotype& genotype) const;
  /// The file's baseline network at the largest input, one block a crossbar and no copies (--baseline isaac), on the chip
  /// with the first value of each hardware choice but `crossbars`; by RNC's evaluator mapped in the same way.
  [[nodiscard]] CandidateFigures baseline_figures(EvaluationKind evaluation) const;

 private:
  struct Hardware {
    ChipConfig chip;
    CompileOptions options;
  };
  [[nodiscard]] std::vector<Gene> hardware_genes() const;
  [[nodiscard]] Hardware hardware_of(const Genotype& genotype) const;
  [[nodiscard]] double rnc_batch_latency_of(const Network& network, const CompileOptions& options, const PointResult& result,
                                            bool more_effort) const;
  [[nodiscard]] Evaluation evaluate(const Genotype& genotype) const;
  void check_hardware() const;

  const SearchFile& file_;
  AccuracyScorer accuracy_;
  AccuracyPrediction prediction_;
  ChipConfig chip_;
  std::vector<Gene> space_genes_;
};

/// An objective as tables show it: with its own sign.
[[nodiscard]] double shown_objective(const SearchFile& file, std::size_t objective, double value);

}  // namespace crossloom
