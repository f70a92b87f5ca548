#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/estimate/network_estimate.h"
#include "simulator/metrics/run_metrics.h"
#include "support/fields.h"

namespace crossloom {

/// One quantity estimated and simulated.
struct QuantityComparison {
  std::string name;  ///< as in metrics.json
  double estimated_ns = 0.0;
  double simulated_ns = 0.0;
  double error_fraction = 0.0;  ///< estimated / simulated - 1
  friend bool operator==(const QuantityComparison&, const QuantityComparison&) = default;
};

/// The analytical estimate of a program beside its simulation.
struct EstimateComparison {
  std::string network;
  std::string chip;
  std::int64_t batch = 1;  ///< of the simulation
  std::vector<QuantityComparison> quantities;
  NetworkEstimate estimate;
  friend bool operator==(const EstimateComparison&, const EstimateComparison&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, QuantityComparison>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr NumberRange kTime{0.0, 1e300};
  visit(Field{"name", "as in metrics.json"}, self.name);
  visit(Field{"estimated_ns", "by the analytical model", kTime}, self.estimated_ns);
  visit(Field{"simulated_ns", "by the simulation", kTime}, self.simulated_ns);
  visit(Field{"error_fraction", "estimated / simulated - 1", NumberRange{-1.0, 1e300}}, self.error_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, EstimateComparison>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"network", "name of the network"}, self.network);
  visit(Field{"chip", "name of the chip"}, self.chip);
  visit(Field{"batch", "images of the simulation", IntegerRange{1, std::int64_t{1} << 20}}, self.batch);
  visit(Field{"quantities", "estimated and simulated"}, self.quantities);
  visit(Field{"estimate", "all terms of the estimate"}, self.estimate);
}

/// Compares `latency_ns` (the estimate is for one image alone), `busiest_resource_ns` for one image and, for a batch of more
/// than one, `interval_ns`.
[[nodiscard]] EstimateComparison compare(NetworkEstimate estimate, const RunMetrics& metrics);

/// One JSON document with the header of every output file; docs/schema/estimate.schema.json. A newline ends the text.
[[nodiscard]] std::string comparison_to_json(const EstimateComparison& comparison);

}  // namespace crossloom
