#include "nas/candidate/network_samples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <tuple>
#include <unordered_set>

#include "nas/candidate/search_results.h"
#include "nas/prediction/nn_degree.h"
#include "nas/space/gene_texts.h"
#include "support/csv.h"
#include "support/document.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr std::string_view kAccuracyColumn = "accuracy_fraction";
/// By which a row of another space is noticed.
constexpr std::array<std::string_view, 3> kFigureColumns = {"nn_degree", "num_macs", "num_parameters"};
constexpr std::string_view kSampleColumn = "sample";

NetworkSample sample_of(const SearchSpace& space, Genotype genotype) {
  const Network network = build_network(space, subnetwork_of(space, genotype));
  return {.name = {},
          .genotype = std::move(genotype),
          .nn_degree = nn_degree(network),
          .num_macs = num_macs(network),
          .num_parameters = num_parameters(network)};
}

/// A network whose genes lean towards their first or their last values, all alike: each is binomial, by one chance that is
/// uniform from 0 to 1. Genes drawn apart from each other hardly ever make a network near the smallest or the largest.
Genotype leaning_genotype(std::span<const Gene> genes, RandomStream& random) {
  const double chance = random.next_uniform();
  Genotype genotype;
  for (const Gene& gene : genes) {
    double& value = genotype.values.emplace_back(gene.min);
    for (double step = gene.min; step < gene.max; ++step) value += random.next_uniform() < chance ? 1.0 : 0.0;
  }
  return genotype;
}

std::string figure_texts(const NetworkSample& sample) {
  return fmt::format("{},{},{}", shortest_text(sample.nn_degree), sample.num_macs, sample.num_parameters);
}

}  // namespace

Genotype genotype_in(const SearchSpace& space, const ResultsTable& table, std::size_t row) {
  const std::vector<Gene> genes = genes_of(space);
  std::vector<std::string> texts;
  texts.reserve(genes.size());
  for (const Gene& gene : genes) texts.push_back(table.cell(row, table.column(gene.name)));
  return genotype_showing(texts, genes, [&](const Genotype& genotype) { return gene_texts(space, genotype); });
}

std::vector<NetworkSample> draw_samples(const SearchSpace& space, std::int64_t count, std::uint64_t seed) {
  constexpr std::int64_t kDrawnForEach = 64;
  // Apart from the draws of a search, whose layer is a generation, and of a supernet's training.
  constexpr std::uint64_t kSampleDraws = std::uint64_t{1} << 61U;
  const std::vector<Gene> genes = genes_of(space);
  std::unordered_set<Genotype, GenotypeHash> known;
  std::vector<NetworkSample> drawn;
  RandomStream random(seed, {.purpose = RandomPurpose::kSearch, .layer = kSampleDraws});
  for (std::int64_t i = 0; i < kDrawnForEach * count; ++i) {
    const bool leans = i % 2 == 1;
    Genotype genotype = without_inactive_genes(space, leans ? leaning_genotype(genes, random) : random_genotype(genes, random));
    if (known.insert(genotype).second) drawn.push_back(sample_of(space, std::move(genotype)));
  }
  std::ranges::sort(drawn, [](const NetworkSample& a, const NetworkSample& b) {
    return std::tie(a.num_macs, a.genotype.values) < std::tie(b.num_macs, b.genotype.values);
  });
  const auto least = static_cast<double>(drawn.front().num_macs);
  const double span = static_cast<double>(drawn.back().num_macs) - least;
  std::vector<NetworkSample> samples;
  const std::int64_t num_samples = std::min(count, std::ssize(drawn));
  for (std::int64_t i = 0; i < num_samples; ++i) {
    const double wanted =
        least + span * static_cast<double>(i) / static_cast<double>(std::max<std::int64_t>(num_samples - 1, 1));
    const auto nearest = std::ranges::min_element(
        drawn, {}, [&](const NetworkSample& sample) { return std::abs(static_cast<double>(sample.num_macs) - wanted); });
    samples.push_back(std::move(*nearest));
    drawn.erase(nearest);
  }
  std::ranges::stable_sort(samples, {}, &NetworkSample::num_macs);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].name = std::to_string(i + 1);
  return samples;
}

std::string samples_csv(const SearchSpace& space, std::span<const NetworkSample> samples) {
  std::string text(kSampleColumn);
  for (const Gene& gene : genes_of(space)) text.append(",").append(csv_field(gene.name));
  text += fmt::format(",{}\n", fmt::join(kFigureColumns, ","));
  for (const NetworkSample& sample : samples) {
    text.append(sample.name) += ',';
    for (const std::string& gene : gene_texts(space, sample.genotype)) text.append(csv_field(gene)) += ',';
    text.append(figure_texts(sample)) += '\n';
  }
  return text;
}

std::vector<NetworkSample> read_samples(const SearchSpace& space, std::string_view text, const std::string& source_name) {
  const ResultsTable table(text, source_name);
  const bool is_trained = std::ranges::find(table.columns(), kAccuracyColumn) != table.columns().end();
  std::vector<NetworkSample> samples;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    try {
      NetworkSample& sample = samples.emplace_back(sample_of(space, genotype_in(space, table, row)));
      sample.name = table.cell(row, table.column(kSampleColumn));
      std::string written;
      for (const std::string_view figure : kFigureColumns)
        written.append(written.empty() ? "" : ",").append(table.cell(row, table.column(figure)));
      if (written != figure_texts(sample)) {
        throw UserError(fmt::format("{}: {}, those of the network with these genes in {} are {}",
                                    fmt::join(kFigureColumns, ","), written, space.name, figure_texts(sample)));
      }
      if (!is_trained) continue;
      const std::size_t accuracy = table.column(kAccuracyColumn);
      if (table.cell(row, accuracy).empty()) continue;
      sample.accuracy_fraction = table.number(row, accuracy);
      if (!sample.accuracy_fraction || *sample.accuracy_fraction <= 0.0 || *sample.accuracy_fraction > 1.0) {
        throw UserError(
            fmt::format("{}: {}, allowed: a number above 0, at most 1", kAccuracyColumn, table.cell(row, accuracy)));
      }
    } catch (const UserError& error) {
      throw UserError(fmt::format("{}:{}: {}", source_name, row + 2, error.what()));  // the header is line 1
    }
  }
  return samples;
}

NamedNetworks read_networks(const SearchSpace& space, const std::string& folder) {
  const std::filesystem::path samples = std::filesystem::path(folder) / kSamplesFile;
  if (std::filesystem::exists(samples)) {
    NamedNetworks networks{.column = kSampleColumn};
    for (const NetworkSample& sample : read_samples(space, read_text_file(samples.string()), samples.string()))
      networks.networks.emplace_back(sample.name, sample.genotype);
    return networks;
  }
  const std::string front = (std::filesystem::path(folder) / kFrontFile).string();
  const ResultsTable table(read_text_file(front), front);
  NamedNetworks networks{.column = "candidate"};
  for (std::size_t row = 0; row < table.num_rows(); ++row)
    networks.networks.emplace_back(table.cell(row, table.column(networks.column)), genotype_in(space, table, row));
  return networks;
}

std::string trained_samples_path(const std::string& file_or_folder) {
  if (!std::filesystem::is_directory(file_or_folder)) return file_or_folder;
  return (std::filesystem::path(file_or_folder) / kTrainedSamplesFile).string();
}

std::vector<NetworkSample> read_trained_samples(const SearchFile& file) {
  const std::string path = trained_samples_path(file.accuracy.samples);
  std::vector<NetworkSample> samples = read_samples(file.space, read_text_file(path), path);
  std::erase_if(samples, [](const NetworkSample& sample) { return !sample.accuracy_fraction; });
  if (std::ssize(samples) < kFewestTrainedSamples) {
    throw UserError(
        fmt::format("{}: {} networks with an accuracy, allowed: {} or more", path, samples.size(), kFewestTrainedSamples));
  }
  return samples;
}

std::vector<AccuracySample> accuracy_samples(std::span<const NetworkSample> samples) {
  std::vector<AccuracySample> result;
  for (const NetworkSample& sample : samples) {
    if (sample.accuracy_fraction)
      result.push_back({.nn_degree = sample.nn_degree, .accuracy_fraction = *sample.accuracy_fraction});
  }
  return result;
}

}  // namespace crossloom
