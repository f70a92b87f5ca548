#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/candidate/search_file.h"
#include "nas/prediction/accuracy_predictor.h"
#include "nas/space/search_space.h"
#include "sweep/results_table.h"

namespace crossloom {

/// Networks as `nas sample` draws them, the same with their accuracy when trained, and the search they are of; in one folder.
inline constexpr std::string_view kSamplesFile = "samples.csv";
inline constexpr std::string_view kTrainedSamplesFile = "trained.csv";
inline constexpr std::string_view kScoredSamplesFile = "scored.csv";  ///< accuracy with the weights of a supernet

/// As few as FLASH fits its predictor to.
inline constexpr std::int64_t kFewestTrainedSamples = 25;

/// A network of a space and what is known of it.
struct NetworkSample {
  std::string name;  ///< number of the sample
  Genotype genotype;
  double nn_degree = 0.0;
  std::int64_t num_macs = 0;
  std::int64_t num_parameters = 0;
  std::optional<double> accuracy_fraction = {};  ///< on held-out images, trained alone
  friend bool operator==(const NetworkSample&, const NetworkSample&) = default;
};

/// The network in a row of a table that has a column for each gene of the space, such as samples.csv and candidates.csv. Throws
/// UserError for a column that is missing and a text that no value of its gene shows.
[[nodiscard]] Genotype genotype_in(const SearchSpace& space, const ResultsTable& table, std::size_t row);

/// Different networks of a space, whether they fit on a chip or not, by increasing MACs. Draws 64 times as many, every other
/// with uniform genes, the rest with genes that lean towards their smallest or largest values together, and takes those nearest
/// to MACs at equal distances from the least to the most drawn; fewer when not as many different ones are drawn.
[[nodiscard]] std::vector<NetworkSample> draw_samples(const SearchSpace& space, std::int64_t count, std::uint64_t seed);

/// samples.csv: a row each with its number, genes, NN-Degree, MACs and parameters.
[[nodiscard]] std::string samples_csv(const SearchSpace& space, std::span<const NetworkSample> samples);

/// Reads samples.csv, or trained.csv with its further column `accuracy_fraction`. Throws UserError `source:line: ...` for rows
/// that are no network of the space and for figures that are another network's.
[[nodiscard]] std::vector<NetworkSample> read_samples(const SearchSpace& space, std::string_view text,
                                                      const std::string& source_name);

/// Networks under the names of a table's first column.
struct NamedNetworks {
  std::string_view column;
  std::vector<std::pair<std::string, Genotype>> networks = {};
};
/// Networks of a folder of nas sample (samples.csv), or of the front of a search (front.csv). Throws as read_samples and
/// genotype_in.
[[nodiscard]] NamedNetworks read_networks(const SearchSpace& space, const std::string& folder);

/// The file of trained samples, given itself or by its folder.
[[nodiscard]] std::string trained_samples_path(const std::string& file_or_folder);

/// The samples of accuracy.samples that have an accuracy. Throws UserError as read_samples, and for fewer than
/// kFewestTrainedSamples.
[[nodiscard]] std::vector<NetworkSample> read_trained_samples(const SearchFile& file);

/// Those that have an accuracy.
[[nodiscard]] std::vector<AccuracySample> accuracy_samples(std::span<const NetworkSample> samples);

}  // namespace crossloom
