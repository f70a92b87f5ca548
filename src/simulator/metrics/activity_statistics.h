#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/run_plan.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"
#include "support/fields.h"

/// What inputs and weights of a layer look like on the average, for energy that depends on them.
namespace crossloom {

struct LayerActivity {
  std::string name;                     ///< operation of kind crossbar
  double input_density_fraction = 0.0;  ///< mean over rows and phases of (digit is not zero)
  double input_power_fraction = 0.0;    ///< mean over rows and phases of (digit / largest digit)^2
  double cell_level_fraction = 0.0;     ///< mean over used cells of level / highest level
  friend bool operator==(const LayerActivity&, const LayerActivity&) = default;
};

struct ActivityStatistics {
  std::string network;
  std::vector<LayerActivity> layers;
  friend bool operator==(const ActivityStatistics&, const ActivityStatistics&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, LayerActivity>
void visit_fields(Self& self, Visitor&& visit) {
  constexpr NumberRange kFraction{0.0, 1.0};
  visit(Field{"name", "operation of kind crossbar"}, self.name);
  visit(Field{"input_density_fraction", "digits driven onto rows that are not zero", kFraction}, self.input_density_fraction);
  visit(Field{"input_power_fraction", "mean square of the digits driven onto rows, the largest digit being 1", kFraction},
        self.input_power_fraction);
  visit(Field{"cell_level_fraction", "mean level of the used cells, the highest level being 1", kFraction},
        self.cell_level_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, ActivityStatistics>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"network", "network"}, self.network);
  visit(Field{"layers", "every operation of kind crossbar, in any order"}, self.layers);
}

/// activity.json: the header and the statistics.
[[nodiscard]] std::string activity_to_json(const ActivityStatistics& activity);
/// Throws UserError naming file, line and member.
[[nodiscard]] ActivityStatistics activity_from_json(std::string_view text, std::string_view source_name);

/// Checks that a file's text (as activity_from_json reads it) is about the network and every crossbar operation of `program`,
/// each once. Throws UserError `source:line: path: ...`.
void require_activity_of(const PlacedProgram& program, std::string_view text, std::string_view source_name);

/// Cell and DAC energy of a batch in pJ when the chip's energies of a read and of a drive stand for half activity: with m the
/// power fraction of the inputs, d their density and g(c) = g_min + c (g_max - g_min) the mean conductance of the cells,
///     cell = sum over layers of cell_reads x read_energy_pj x (m / 0.5) x (g(c) / g(0.5))
///     dac  = sum over layers of row_drives x energy_pj x (d / 0.5)
struct ActivityEnergy {
  double cell_pj = 0.0;
  double dac_pj = 0.0;
};
/// Throws UserError for statistics of another network, a layer that the program lacks, one twice or one missing.
[[nodiscard]] ActivityEnergy activity_energy(const PlacedProgram& program, const RunPlan& plan, std::int64_t batch,
                                             const ActivityStatistics& activity);

}  // namespace crossloom
