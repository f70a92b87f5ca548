#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {

std::string bar_chart_svg(const BarChart& chart) {
  constexpr double kPlotWidth = 500;
  constexpr double kBar = 20;
  constexpr std::size_t kMaxName = 40;
  const std::size_t num_bars = chart.categories.size();
  std::size_t longest = 24;
  for (const std::string& category : chart.categories) longest = std::max(longest, std::min(category.size(), kMaxName));
  const double left = 22 + 7 * static_cast<double>(longest);
  std::vector<double> sums(num_bars, 0.0);
  for (const Series& series : chart.series) {
    for (std::size_t i = 0; i < num_bars; ++i) sums[i] += series.values.at(i);
  }
  const double largest = sums.empty() ? 0.0 : *std::max_element(sums.begin(), sums.end());
  const bool has_legend = chart.series.size() > 1;
  Markup legend;
  std::vector<std::string> names;
  names.reserve(chart.series.size());
  for (const Series& series : chart.series) names.push_back(series.name);
  const double top = has_legend ? 38 + draw_legend(legend, names, left, 30, kPlotWidth) : 34;
  const double bottom = top + 18 + kBar * static_cast<double>(num_bars);

  Markup svg;
  open_svg(svg, chart.title, left + kPlotWidth + 80, bottom + 44);
  if (has_legend) svg.embed(legend.str());
  const double end =
      draw_horizontal_axis(svg, {.left = left, .width = kPlotWidth, .top = top, .bottom = bottom, .largest = largest},
                           chart.value_axis)
          .last;
  svg_text(svg, {.x = 8, .y = top + 6}, axis_text(chart.category_axis));
  for (std::size_t i = 0; i < num_bars; ++i) {
    const double y = top + 14 + kBar * static_cast<double>(i);
    svg_text(svg, {.x = left - 8, .y = y + 12, .anchor = "end"}, shortened(chart.categories[i], kMaxName));
    double x = left;
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
      const double value = chart.series[s].values[i];
      const double width = kPlotWidth * value / end;
      const std::string fill = category_colour(static_cast<std::int64_t>(s));
      const std::string what = has_legend ? chart.categories[i] + ", " + chart.series[s].name : chart.categories[i];
      svg_rectangle(svg, {.x = x, .y = y, .width = width, .height = kBar - 5, .fill = fill},
                    what + ": " + value_text(value, chart.value_axis));
      x += width;
    }
    svg_text(svg, {.x = x + 5, .y = y + 12}, value_text(sums[i], {}));
  }
  svg.close();
  return svg.str();
}

}  // namespace crossloom
