#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/metrics/run_metrics.h"
#include "simulator/program/layer_work.h"
#include "simulator/program/placed_program.h"
#include "support/fields.h"

namespace crossloom {

/// The terms of one operation.
struct LayerEstimate {
  std::string name;
  std::string kind;
  std::int64_t num_copies = 0;
  std::int64_t num_windows = 0;
  double window_ns = 0.0;   ///< one window from the fetch until its output is stored, without contention
  double cycle_ns = 0.0;    ///< between two windows of a copy, without contention
  double service_ns = 0.0;  ///< ceil(num_windows / num_copies) cycles: an image, when data is always there
  double start_ns = 0.0;    ///< first window begins
  double end_ns = 0.0;      ///< last window stored
  friend bool operator==(const LayerEstimate&, const LayerEstimate&) = default;
};

/// What the analytical model says of a program, without running its windows one by one (docs/estimate.md).
struct NetworkEstimate {
  double latency_ns = 0.0;     ///< of one image alone
  double interval_ns = 0.0;    ///< between images of a long batch: the longest time of a resource or of an operation's copies
  std::string interval_limit;  ///< which
  double busiest_resource_ns = 0.0;  ///< an image's time on the busiest shared resource
  std::string busiest_resource;
  std::vector<LayerEstimate> layers;
  friend bool operator==(const NetworkEstimate&, const NetworkEstimate&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, LayerEstimate>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr NumberRange kTime{0.0, 1e300};
  constexpr IntegerRange kCount{1, std::int64_t{1} << 62};
  visit(Field{"name", "operation of the program"}, self.name);
  visit(Field{"kind", "which resources it uses"}, self.kind);
  visit(Field{"num_copies", "copies that share the windows", kCount}, self.num_copies);
  visit(Field{"num_windows", "windows of one image; rows for the image itself", kCount}, self.num_windows);
  visit(Field{"window_ns", "one window from the fetch until its output is stored, without contention", kTime}, self.window_ns);
  visit(Field{"cycle_ns", "between two windows of a copy, without contention", kTime}, self.cycle_ns);
  visit(Field{"service_ns", "an image when data is always there: ceil(num_windows / num_copies) cycles", kTime},
        self.service_ns);
  visit(Field{"start_ns", "first window begins", kTime}, self.start_ns);
  visit(Field{"end_ns", "last window stored", kTime}, self.end_ns);
}

template <class Self, class Visitor>
requires SameStruct<Self, NetworkEstimate>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr NumberRange kTime{0.0, 1e300};
  visit(Field{"latency_ns", "of one image alone", kTime}, self.latency_ns);
  visit(Field{"interval_ns", "between images of a long batch: longest time of a resource or of an operation's copies", kTime},
        self.interval_ns);
  visit(Field{"interval_limit", "resource or operation that imposes interval_ns"}, self.interval_limit);
  visit(Field{"busiest_resource_ns", "time of an image on the busiest shared resource", kTime}, self.busiest_resource_ns);
  visit(Field{"busiest_resource", "its name"}, self.busiest_resource);
  visit(Field{"layers", "terms of each operation"}, self.layers);
}

/// Latency by the recursion of segment_model.h. Interval by the roofline argument (Williams, Waterman, Patterson, CACM 2009):
/// no image is faster than the longest total time it takes any one resource, or the copies of any one operation. The program is
/// one that verify_program accepts. Cost grows with operations, rows of feature maps and blocks, not with windows. Throws as
/// block_timing.
[[nodiscard]] NetworkEstimate estimate(const PlacedProgram& program);

/// For a comparison of thousands of programs: the copies of an operation are taken together (merged_plan.h), so latency and
/// interval are less exact (docs/estimate.md), in a small part of the time. The counts are those of a simulation.
struct QuickEstimate {
  NetworkEstimate figures;
  EventCounts events;  ///< of an image
};
[[nodiscard]] QuickEstimate quick_estimate(const PlacedProgram& program);

/// The same before placement, for a compiler or a search that weighs numbers of copies: `works` has every operation of a
/// network, `num_copies` one number for each that has blocks, and `num_crossbars` is the budget over which they will be spread.
/// Places are nominal (layer_plan.h), as nobody knows yet which blocks share a crossbar. Throws InternalError when the budget
/// is larger than the chip.
[[nodiscard]] NetworkEstimate estimate(const std::vector<LayerWork>& works, const std::vector<std::int64_t>& num_copies,
                                       const ChipConfig& chip, std::int64_t num_crossbars);

}  // namespace crossloom
