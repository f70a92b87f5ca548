#include "simulator/estimate/estimate_comparison.h"

#include <utility>
#include <variant>

#include "simulator/program/file_header.h"

namespace crossloom {
namespace {

QuantityComparison quantity(std::string name, double estimated_ns, double simulated_ns) {
  return {.name = std::move(name),
          .estimated_ns = estimated_ns,
          .simulated_ns = simulated_ns,
          .error_fraction = estimated_ns / simulated_ns - 1.0};
}

}  // namespace

EstimateComparison compare(NetworkEstimate estimate, const RunMetrics& metrics) {
  EstimateComparison comparison{.network = metrics.network, .chip = metrics.chip, .batch = metrics.batch};
  const double busiest_ns = metrics.bounds.busiest_resource_ns / static_cast<double>(metrics.batch);
  comparison.quantities.push_back(quantity("latency_ns", estimate.latency_ns, metrics.latency_ns));
  comparison.quantities.push_back(quantity("busiest_resource_ns", estimate.busiest_resource_ns, busiest_ns));
  if (metrics.batch > 1) comparison.quantities.push_back(quantity("interval_ns", estimate.interval_ns, metrics.interval_ns));
  comparison.estimate = std::move(estimate);
  return comparison;
}

std::string comparison_to_json(const EstimateComparison& comparison) {
  return file_text("crossloom/estimate", write_fields(comparison));
}

}  // namespace crossloom
