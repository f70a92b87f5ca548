#include "report/run_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;
using QuantityText = std::string (*)(double);
using NamedFigure = std::pair<std::string, double>;

/// The figures of a section that are not zero, without their total, largest first; ties keep the order of the fields.
template <class Section>
std::vector<NamedFigure> largest_first(const Section& section) {
  std::vector<NamedFigure> figures;
  visit_fields(section, [&figures](const Field& field, double value) {
    if (field.name != "total" && value != 0.0) figures.emplace_back(field.name, value);
  });
  std::ranges::stable_sort(figures, std::ranges::greater{}, &NamedFigure::second);
  return figures;
}

std::string headline(const RunMetrics& metrics) {
  TextTable table({{"", Align::kLeft}, {"", Align::kLeft}, {"", Align::kLeft}});
  table.add_row(
      {"latency", time_text(metrics.latency_ns), fmt::format("latency_ns ({} clocks)", count_text(metrics.latency_cycles))});
  if (metrics.batch > 1) table.add_row({"whole batch", time_text(metrics.makespan_ns), "makespan_ns"});
  table.add_row({"throughput", rate_text(metrics.throughput_inferences_per_s),
                 fmt::format("throughput_inferences_per_s (interval_ns: {})", time_text(metrics.interval_ns))});
  table.add_row(
      {"fill, drain", fmt::format("{}, {}", time_text(metrics.fill_ns), time_text(metrics.drain_ns)), "fill_ns, drain_ns"});
  table.add_row({"performance", fmt::format("{:.4g} TOPS", metrics.tops),
                 fmt::format("tops (tops_per_w: {:.4g}, tops_per_mm2: {:.4g}; a MAC is two operations)", metrics.tops_per_w,
                             metrics.tops_per_mm2)});
  table.add_row({"mean power", power_text(metrics.power_mw), "power_mw"});
  table.add_row({"energy an image", energy_text(metrics.energy_per_inference_pj), "energy_per_inference_pj"});
  table.add_row({"chip area", area_text(metrics.area_um2.total), "area_um2.total"});
  table.add_row({"crossbars used", count_text(metrics.num_crossbars_used),
                 fmt::format("num_crossbars_used (lower bound {}, budget {})", count_text(metrics.crossbar_lower_bound),
                             count_text(metrics.crossbar_budget))});
  table.add_row({"physical arrays", count_text(metrics.num_physical_arrays), "num_physical_arrays"});
  table.add_row({"cell utilization", fraction_text(metrics.cell_utilization_fraction), "cell_utilization_fraction"});
  table.add_row({"time utilization", fraction_text(metrics.time_utilization_fraction), "time_utilization_fraction"});
  return fmt::format("{} on {}, batch {}\n{}  bottleneck: {}\n", metrics.network, metrics.chip, metrics.batch, table.text(2),
                     metrics.bottleneck);
}

/// Lines of `figures` with their share of `total`, up to `max_lines`.
std::string share_table(const std::string& title, const std::vector<NamedFigure>& figures, double total, QuantityText text_of,
                        std::size_t max_lines) {
  TextTable table({{title, Align::kLeft}, {""}, {"share"}});
  for (std::size_t i = 0; i < std::min(max_lines, figures.size()); ++i) {
    const auto& [name, value] = figures[i];
    table.add_row({"  " + name, text_of(value), fmt::format("{:.3f}", value / total)});
  }
  return table.text();
}

/// Crossbar time of a layer's average block over the batch.
double busy_ns_a_block(const LayerMetrics& layer) {
  return layer.num_blocks == 0 ? 0.0 : layer.crossbar_busy_ns / static_cast<double>(layer.num_blocks);
}

/// Share of a layer's time between its start and end that its crossbars (units, when it has none) were in work.
std::string working_text(const LayerMetrics& layer) {
  const double servers = static_cast<double>(layer.num_blocks > 0 ? layer.num_blocks : layer.num_copies);
  const double time_ns = servers * (layer.end_ns - layer.start_ns);
  return time_ns > 0.0 ? fraction_text(layer.time_ns.busy / time_ns) : "-";
}

/// What they waited for longest in between, with its share.
std::string waiting_text(const LayerMetrics& layer) {
  double total_ns = 0.0;
  for (const auto share : kTimeShares<double>) total_ns += layer.time_ns.*share;
  for (const auto& [name, waited_ns] : largest_first(layer.time_ns)) {
    if (name != "busy") return fmt::format("{} {}", name, fraction_text(waited_ns / total_ns));
  }
  return "-";
}

std::string layer_table(std::vector<LayerMetrics> layers, std::int64_t batch, Detail detail) {
  std::string title = "operations\n";
  if (detail == Detail::kShort) {
    std::ranges::stable_sort(layers, std::ranges::greater{}, busy_ns_a_block);
    layers.resize(std::min<std::size_t>(layers.size(), kShortListLines));
    title = "layers that keep their crossbars longest (all: --verbose)\n";
  }
  TextTable table({{"layer", Align::kLeft},
                   {"copies"},
                   {"windows"},
                   {"activations"},
                   {"busy an image"},
                   {"starts"},
                   {"ends"},
                   {"working"},
                   {"not, mostly for", Align::kLeft}});
  for (const LayerMetrics& layer : layers) {
    const bool has_blocks = layer.num_blocks > 0;
    table.add_row({layer.name, count_text(layer.num_copies), count_text(layer.num_windows),
                   has_blocks ? count_text(layer.num_activations) : "-",
                   has_blocks ? time_text(busy_ns_a_block(layer) / static_cast<double>(batch)) : "-", time_text(layer.start_ns),
                   time_text(layer.end_ns), working_text(layer), waiting_text(layer)});
  }
  return title + table.text(2);
}

std::string stalls_text(const StallFigures& stalls) {
  const std::vector<NamedFigure> figures = largest_first(stalls);
  double total = 0.0;
  for (const auto& [name, value] : figures) total += value;
  return share_table("waiting (stalls_ns), summed over all that wait", figures, total, time_text, figures.size());
}

std::string bounds_text(const LatencyBounds& bounds) {
  return fmt::format("bounds\n  critical path {}, busiest resource {} ({}); the larger is {} of the makespan\n",
                     time_text(bounds.critical_path_ns), time_text(bounds.busiest_resource_ns), bounds.busiest_resource,
                     fraction_text(bounds.achieved_fraction));
}

/// What each kind of resource allows by itself, the one that binds first.
std::string resources_text(std::vector<ResourceMetrics> resources) {
  std::ranges::stable_sort(resources, std::ranges::greater{}, &ResourceMetrics::busy_ns);
  TextTable table(
      {{"resources, the busiest of each kind", Align::kLeft}, {"busy"}, {"utilization"}, {"allows"}, {"used"}, {"mean"}});
  for (const ResourceMetrics& resource : resources) {
    table.add_row({"  " + resource.busiest, time_text(resource.busy_ns), fraction_text(resource.utilization_fraction),
                   rate_text(resource.throughput_limit_inferences_per_s), count_text(resource.num_instances),
                   fraction_text(resource.mean_utilization_fraction)});
  }
  return table.text();
}

std::string events_text(const EventCounts& events) {
  TextTable table({{"events", Align::kLeft}, {""}});
  visit_fields(events, [&table](const Field& field, std::int64_t count) {
    table.add_row({"  " + std::string(field.name), count_text(count)});
  });
  return table.text();
}

}  // namespace

std::string run_text(const RunMetrics& metrics, Detail detail) {
  const std::vector<NamedFigure> energy = largest_first(metrics.energy_pj);
  const std::size_t num_energy_lines = detail == Detail::kShort ? kShortListLines : energy.size();
  std::string text = headline(metrics) + '\n' +
                     share_table("energy (energy_pj)", energy, metrics.energy_pj.total, energy_text, num_energy_lines) + '\n';
  if (detail == Detail::kFull) {
    const std::vector<NamedFigure> area = largest_first(metrics.area_um2);
    text += share_table("area (area_um2)", area, metrics.area_um2.total, area_text, area.size()) + '\n';
    text += stalls_text(metrics.stalls_ns) + '\n' + bounds_text(metrics.bounds) + '\n' + resources_text(metrics.resources) +
            '\n' + events_text(metrics.events) + '\n';
  }
  return text + layer_table(metrics.layers, metrics.batch, detail);
}

}  // namespace crossloom
