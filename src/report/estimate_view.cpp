#include "report/estimate_view.h"

#include <fmt/format.h>

#include "report/quantity.h"
#include "report/text_table.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

std::string percent_text(double fraction) {
  constexpr double kPercent = 100.0;
  return fmt::format("{:+.1f} %", fraction * kPercent);
}

std::string layer_table(const std::vector<LayerEstimate>& estimates, const std::vector<LayerMetrics>& layers) {
  TextTable table({{"operation", Align::kLeft}, {"window"}, {"cycle"}, {"service"}, {"starts"}, {"ends"}, {"simulated end"}});
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const LayerEstimate& layer = estimates[i];
    table.add_row({layer.name, time_text(layer.window_ns), time_text(layer.cycle_ns), time_text(layer.service_ns),
                   time_text(layer.start_ns), time_text(layer.end_ns), time_text(layers.at(i).end_ns)});
  }
  return "\nterms of the estimate for one image\n" + table.text(2);
}

}  // namespace

std::string estimate_text(const EstimateComparison& comparison, const std::vector<LayerMetrics>& layers, Detail detail) {
  TextTable table({{"estimate of one image", Align::kLeft}, {"estimated"}, {"simulated"}, {"error"}});
  for (const QuantityComparison& quantity : comparison.quantities) {
    table.add_row({"  " + quantity.name, time_text(quantity.estimated_ns), time_text(quantity.simulated_ns),
                   percent_text(quantity.error_fraction)});
  }
  const NetworkEstimate& estimate = comparison.estimate;
  std::string text =
      table.text() + fmt::format("  busiest resource: {}; steady interval {}, limited by {}\n", estimate.busiest_resource,
                                 time_text(estimate.interval_ns), estimate.interval_limit);
  if (detail == Detail::kFull) text += layer_table(estimate.layers, layers);
  return text;
}

}  // namespace crossloom
