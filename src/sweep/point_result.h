#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "support/fields.h"

namespace crossloom {

/// How a point ended.
enum class PointStatus {
  kDone,
  kDoesNotFit,  ///< more crossbars are needed than there are
  kFailed       ///< the point cannot be: a network at that input, values of a chip that do not go together
};
[[nodiscard]] inline std::span<const std::string_view> enum_names(PointStatus) {
  static constexpr std::array<std::string_view, 3> kNames = {"done", "does_not_fit", "failed"};
  return kNames;
}

/// A figure that this evaluation or status does not have.
inline constexpr double kUnknownFigure = std::numeric_limits<double>::quiet_NaN();

/// What a point came to: the columns of results.csv behind the axes. Figures of a simulation stay unknown in an estimate.
struct PointResult {
  PointStatus status = PointStatus::kDone;
  std::string reason;  ///< why it is not done
  double num_macs = kUnknownFigure;
  double num_crossbars_available = kUnknownFigure;
  double num_crossbars_used = kUnknownFigure;
  double num_crossbars_fewest = kUnknownFigure;
  double crossbar_lower_bound = kUnknownFigure;
  double num_physical_arrays = kUnknownFigure;
  double num_tiles_used = kUnknownFigure;
  double num_copies = kUnknownFigure;
  double cell_utilization_fraction = kUnknownFigure;
  double time_utilization_fraction = kUnknownFigure;
  double latency_ns = kUnknownFigure;
  double interval_ns = kUnknownFigure;
  double throughput_inferences_per_s = kUnknownFigure;
  double energy_per_inference_pj = kUnknownFigure;
  double area_um2 = kUnknownFigure;
  double tops = kUnknownFigure;
  double tops_per_w = kUnknownFigure;
  double tops_per_mm2 = kUnknownFigure;
  std::string bottleneck;
};

template <class Self, class Visitor>
requires SameStruct<Self, PointResult>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"status", "how the point ended"}, self.status);
  visit(Field{"reason", "why it is not done"}, self.reason);
  visit(Field{"num_macs", "multiplications of convolutions and linear layers, one image"}, self.num_macs);
  visit(Field{"num_crossbars_available", "budget, at most the chip's"}, self.num_crossbars_available);
  visit(Field{"num_crossbars_used", "logical crossbars with weights"}, self.num_crossbars_used);
  visit(Field{"num_crossbars_fewest", "of one copy of each layer, by the packer"}, self.num_crossbars_fewest);
  visit(Field{"crossbar_lower_bound", "no packing of one copy of each layer needs less"}, self.crossbar_lower_bound);
  visit(Field{"num_physical_arrays", "physical arrays the used crossbars stand for"}, self.num_physical_arrays);
  visit(Field{"num_tiles_used", "tiles with weights"}, self.num_tiles_used);
  visit(Field{"num_copies", "of all mapped layers together"}, self.num_copies);
  visit(Field{"cell_utilization_fraction", "weights placed over weights the used crossbars could hold"},
        self.cell_utilization_fraction);
  visit(Field{"time_utilization_fraction", "busy time of the used crossbars over the run; simulated"},
        self.time_utilization_fraction);
  visit(Field{"latency_ns", "of one image"}, self.latency_ns);
  visit(Field{"interval_ns", "between images of a long batch by estimate, of the batch when simulated"}, self.interval_ns);
  visit(Field{"throughput_inferences_per_s", "1 / interval"}, self.throughput_inferences_per_s);
  visit(Field{"energy_per_inference_pj", "of one image"}, self.energy_per_inference_pj);
  visit(Field{"area_um2", "of the whole chip"}, self.area_um2);
  visit(Field{"tops", "2 MACs over the interval, in 10^12 operations a second"}, self.tops);
  visit(Field{"tops_per_w", "2 MACs over the energy, in 10^12 operations a joule"}, self.tops_per_w);
  visit(Field{"tops_per_mm2", "tops over the area of the whole chip"}, self.tops_per_mm2);
  visit(Field{"bottleneck", "what imposes the interval (estimate) or binds the run (simulated)"}, self.bottleneck);
}

/// Names of the columns, in order, separated by commas.
[[nodiscard]] std::string result_columns();

/// The values in the order of the columns, separated by commas; unknown ones are empty. One line: line breaks of the reason
/// become blanks.
[[nodiscard]] std::string result_cells(const PointResult& result);

/// Column, unit and meaning of each as a Markdown table, for docs/sweeps.md.
[[nodiscard]] std::string describe_result_columns();

}  // namespace crossloom
