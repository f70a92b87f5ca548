#include "simulator/metrics/activity_statistics.h"

#include <algorithm>
#include <map>

#include "simulator/program/file_header.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::string_view kActivitySchema = "crossloom/activity";
// assumed: what a chip's published energies of a read and of a drive stand for; sources rarely say.
constexpr double kReferenceFraction = 0.5;

/// Events of all blocks of an operation over the batch.
ActivationEvents events_of(const RunPlan& plan, std::size_t operation, std::int64_t batch) {
  ActivationEvents events;
  for (const GroupPlan& group : plan.groups) {
    if (group.operation != operation) continue;
    const std::int64_t windows = batch * plan.copies[group.copy].num_windows;
    for (std::uint32_t block = group.first_block; block < group.first_block + group.num_blocks; ++block) {
      events.row_drives += windows * plan.blocks[block].timing.events.row_drives;
      events.cell_reads += windows * plan.blocks[block].timing.events.cell_reads;
    }
  }
  return events;
}

double relative_conductance(const CellConfig& cell, double level_fraction) {
  const auto conductance = [&cell](double level) {
    return cell.g_min_siemens + level * (cell.g_max_siemens - cell.g_min_siemens);
  };
  return conductance(level_fraction) / conductance(kReferenceFraction);
}

std::map<std::string, const LayerActivity*> by_name(const PlacedProgram& program, const ActivityStatistics& activity) {
  if (activity.network != program.network) {
    throw UserError("activity: network: " + activity.network + ", allowed: " + program.network + ", the simulated one");
  }
  std::map<std::string, const LayerActivity*> layers;
  for (const LayerActivity& layer : activity.layers) {
    if (!layers.emplace(layer.name, &layer).second) throw UserError("activity: layers: " + layer.name + " is there twice");
  }
  return layers;
}

}  // namespace

std::string activity_to_json(const ActivityStatistics& activity) { return file_text(kActivitySchema, write_fields(activity)); }

ActivityStatistics activity_from_json(std::string_view text, std::string_view source_name) {
  const Document document = parse_json(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  static_cast<void>(read_header(reader, kActivitySchema));
  return read_fields<ActivityStatistics>(reader);
}

void require_activity_of(const PlacedProgram& program, std::string_view text, std::string_view source_name) {
  const Document document = parse_json(text, source_name);
  ConfigReader reader(document, std::string(source_name));
  const std::string network = reader.text("network");
  if (network != program.network) {
    reader.fail("network", network + ", allowed: " + program.network + ", the simulated network");
  }
  std::vector<std::string_view> missing;
  for (const Operation& operation : program.operations) {
    if (operation.kind == OperationKind::kCrossbar) missing.push_back(operation.name);
  }
  for (ConfigReader& layer : reader.sections("layers")) {
    const std::string name = layer.text("name");
    const auto found = std::find(missing.begin(), missing.end(), name);
    if (found == missing.end()) {
      const std::string meant = did_you_mean(name, missing);
      layer.fail("name", name + ", allowed: each operation of kind crossbar once" +
                             (meant.empty() ? "" : " (did you mean " + meant + "?)"));
    }
    missing.erase(found);
  }
  if (missing.empty()) return;
  reader.fail("layers", std::string(missing.front()) + " is missing, allowed: every operation of kind crossbar");
}

ActivityEnergy activity_energy(const PlacedProgram& program, const RunPlan& plan, std::int64_t batch,
                               const ActivityStatistics& activity) {
  std::map<std::string, const LayerActivity*> layers = by_name(program, activity);
  ActivityEnergy energy;
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    if (program.operations[i].kind != OperationKind::kCrossbar) continue;
    const auto found = layers.find(program.operations[i].name);
    if (found == layers.end()) throw UserError("activity: layers: " + program.operations[i].name + " is missing");
    const LayerActivity& layer = *found->second;
    const ActivationEvents events = events_of(plan, i, batch);
    energy.cell_pj += static_cast<double>(events.cell_reads) * program.chip.cell.read_energy_pj *
                      (layer.input_power_fraction / kReferenceFraction) *
                      relative_conductance(program.chip.cell, layer.cell_level_fraction);
    energy.dac_pj += static_cast<double>(events.row_drives) * program.chip.dac.cost.energy_pj *
                     (layer.input_density_fraction / kReferenceFraction);
    layers.erase(found);
  }
  if (!layers.empty()) {
    throw UserError("activity: layers: " + layers.begin()->first + " is no operation of kind crossbar of this program");
  }
  return energy;
}

}  // namespace crossloom
