#include "nas/candidate/candidate_figures.h"

#include <cmath>

namespace crossloom {
namespace {

constexpr std::array<SearchGoal, 16> kGoals = {{
    {.name = "latency",
     .figure = "latency_ns",
     .meaning = "time of one image",
     .value = [](const CandidateFigures& figures) { return figures.hardware.latency_ns; }},
    {.name = "batch_latency",
     .figure = "batch_latency_ns",
     .meaning = "time of `batch` images in a row",
     .value = [](const CandidateFigures& figures) { return figures.batch_latency_ns; }},
    {.name = kRncGoal,
     .figure = "rnc_batch_latency_ns",
     .meaning = "time of `batch` images in a row by the rules and the evaluator of RNC (arXiv 2409.18841)",
     .value = [](const CandidateFigures& figures) { return figures.rnc_batch_latency_ns; }},
    {.name = "throughput",
     .figure = "throughput_inferences_per_s",
     .meaning = "images a second in a long batch",
     .is_maximised = true,
     .value = [](const CandidateFigures& figures) { return figures.hardware.throughput_inferences_per_s; }},
    {.name = "energy",
     .figure = "energy_per_inference_pj",
     .meaning = "energy of one image",
     .value = [](const CandidateFigures& figures) { return figures.hardware.energy_per_inference_pj; }},
    {.name = "edp",
     .figure = "edp_pj_ns",
     .meaning = "energy of one image times its latency",
     .value =
         [](const CandidateFigures& figures) {
           return figures.hardware.energy_per_inference_pj * figures.hardware.latency_ns;
         }},
    {.name = "area",
     .figure = "area_um2",
     .meaning = "area of the whole chip",
     .value = [](const CandidateFigures& figures) { return figures.hardware.area_um2; }},
    {.name = "crossbars",
     .figure = "num_crossbars_used",
     .meaning = "logical crossbars with weights",
     .value = [](const CandidateFigures& figures) { return figures.hardware.num_crossbars_used; }},
    {.name = "fewest_crossbars",
     .figure = "num_crossbars_fewest",
     .meaning = "crossbars that one copy of each layer needs",
     .value = [](const CandidateFigures& figures) { return figures.hardware.num_crossbars_fewest; }},
    {.name = "memory",
     .figure = "memory_bytes",
     .meaning = "bytes of weights and biases",
     .value = [](const CandidateFigures& figures) { return figures.memory_bytes; }},
    {.name = "macs",
     .figure = "num_macs",
     .meaning = "multiplications of one image, as many as possible: a stand-in for accuracy",
     .is_maximised = true,
     .value = [](const CandidateFigures& figures) { return figures.hardware.num_macs; }},
    {.name = "nn_degree",
     .figure = "nn_degree",
     .meaning = "channels and skip connections of its blocks, as many as possible: a stand-in for accuracy",
     .is_maximised = true,
     .value = [](const CandidateFigures& figures) { return figures.nn_degree; }},
    {.name = "predicted_accuracy",
     .figure = "predicted_accuracy_fraction",
     .meaning = "accuracy as other networks of the space let expect it",
     .is_maximised = true,
     .value = [](const CandidateFigures& figures) { return figures.predicted_accuracy_fraction; }},
    {.name = "accuracy",
     .figure = "accuracy_fraction",
     .meaning = "share of held-out images classified rightly",
     .is_maximised = true,
     .needs_images = true,
     .value = [](const CandidateFigures& figures) { return figures.accuracy.accuracy_fraction; }},
    {.name = "loss",
     .figure = "held_out_loss",
     .meaning = "mean cross entropy on held-out images, which tells networks apart better than accuracy does",
     .needs_images = true,
     .value = [](const CandidateFigures& figures) { return figures.accuracy.loss; }},
    {.name = "noisy_accuracy",
     .figure = "noisy_accuracy_fraction",
     .meaning = "the same with device noise, mean less a multiple of the standard deviation",
     .is_maximised = true,
     .needs_images = true,
     .value = [](const CandidateFigures& figures) { return figures.accuracy.noisy_accuracy_fraction; }},
}};

template <std::string_view SearchGoal::*Member>
constexpr auto names_of() {
  std::array<std::string_view, kGoals.size()> names = {};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kGoals[i].*Member;
  return names;
}

constexpr auto kNames = names_of<&SearchGoal::name>();
constexpr auto kFigures = names_of<&SearchGoal::figure>();

}  // namespace

std::span<const SearchGoal> search_goals() { return kGoals; }
std::span<const std::string_view> search_goal_names() { return kNames; }
std::span<const std::string_view> search_goal_figures() { return kFigures; }

double parameter_bytes(const Network& network, const ChipConfig& chip) {
  constexpr std::int64_t kBiasBits = 32;
  constexpr double kBitsPerByte = 8.0;
  std::int64_t bits = 0;
  for (const Layer& layer : network.layers) {
    const std::int64_t num_biases = layer.has_bias || layer.has_batch_norm ? layer.num_output_channels : 0;
    bits += (num_folded_parameters(network, layer) - num_biases) * chip.arithmetic.weight_bits + num_biases * kBiasBits;
  }
  return std::ceil(static_cast<double>(bits) / kBitsPerByte);
}

}  // namespace crossloom
