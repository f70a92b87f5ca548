#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kLeastLeft = 80;  // left of the plot
constexpr double kPlotWidth = 560;
constexpr double kTop = 56;
constexpr double kPlotHeight = 280;
constexpr double kBottom = kTop + kPlotHeight;

/// Least and largest of all values; lines begin at 0 unless values lie below it.
AxisRange range_of(const LineChart& chart, std::vector<double> Curve::*values) {
  std::optional<AxisRange> range;
  if (chart.style == CurveStyle::kLine) range = AxisRange{.first = 0.0, .last = 0.0};
  for (const Curve& curve : chart.curves) {
    for (const double value : curve.*values) {
      if (!range) range = AxisRange{.first = value, .last = value};
      range = AxisRange{.first = std::min(range->first, value), .last = std::max(range->last, value)};
    }
  }
  return range.value_or(AxisRange{.first = 0.0, .last = 0.0});
}

/// Left edge of the plot: room for the longest number of the vertical axis and its name.
double left_of(const std::vector<double>& ticks) {
  constexpr double kCharacterWidth = 6.5;
  constexpr double kRoom = 34.0;
  std::size_t longest = 0;
  for (const double tick : ticks) longest = std::max(longest, number_label(tick).size());
  return std::max(kLeastLeft, kCharacterWidth * static_cast<double>(longest) + kRoom);
}

AxisRange draw_vertical_axis(Markup& svg, double left, const std::vector<double>& ticks, const Axis& axis) {
  const AxisRange range{.first = ticks.front(), .last = ticks.back()};
  for (const double tick : ticks) {
    const double y = kBottom - kPlotHeight * range.position(tick);
    svg.element("line", {{"class", "grid"},
                         {"x1", coordinate(left)},
                         {"x2", coordinate(left + kPlotWidth)},
                         {"y1", coordinate(y)},
                         {"y2", coordinate(y)}});
    svg_text(svg, {.x = left - 6, .y = y + 4, .anchor = "end"}, number_label(tick));
  }
  svg_text(svg, {.x = 16, .y = kTop + kPlotHeight / 2, .anchor = "middle", .is_upright = true}, axis_text(axis));
  return range;
}

}  // namespace

std::string line_chart_svg(const LineChart& chart) {
  constexpr std::int64_t kMostTicks = 6;
  const AxisRange x_values = range_of(chart, &Curve::x);
  const AxisRange y_values = range_of(chart, &Curve::y);
  const std::vector<double> y_ticks = ticks_between(y_values.first, y_values.last, kMostTicks);
  const double left = left_of(y_ticks);
  Markup legend;
  std::vector<std::string> names;
  names.reserve(chart.curves.size());
  for (const Curve& curve : chart.curves) names.push_back(curve.name);
  const double legend_height = names.size() > 1 ? draw_legend(legend, names, left, 30, kPlotWidth) : 0.0;
  const double shift = std::max(0.0, legend_height - (kTop - 36));

  Markup svg;
  open_svg(svg, chart.title, left + kPlotWidth + 30, kBottom + 44 + shift);
  svg.embed(legend.str()).open("g", {{"transform", fmt::format("translate(0 {})", coordinate(shift))}});
  const AxisRange x_range = draw_horizontal_axis(
      svg,
      {.left = left, .width = kPlotWidth, .top = kTop, .bottom = kBottom, .largest = x_values.last, .least = x_values.first},
      chart.x_axis);
  const AxisRange y_range = draw_vertical_axis(svg, left, y_ticks, chart.y_axis);
  for (std::size_t c = 0; c < chart.curves.size(); ++c) {
    const Curve& curve = chart.curves[c];
    const std::string colour = category_colour(static_cast<std::int64_t>(c));
    std::string points;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const std::string x = coordinate(left + kPlotWidth * x_range.position(curve.x[i]));
      const std::string y = coordinate(kBottom - kPlotHeight * y_range.position(curve.y.at(i)));
      points += fmt::format("{}{},{}", i == 0 ? "" : " ", x, y);
      if (chart.style == CurveStyle::kLine) continue;
      svg.open("circle", {{"cx", x}, {"cy", y}, {"r", "4"}, {"fill", colour}});
      svg.element(
          "title", {},
          fmt::format("{}: {}, {}", curve.name, value_text(curve.x[i], chart.x_axis), value_text(curve.y[i], chart.y_axis)));
      svg.close();
    }
    if (chart.style == CurveStyle::kPoints) continue;
    svg.open("polyline", {{"points", points}, {"fill", "none"}, {"stroke", colour}, {"stroke-width", "2"}});
    svg.element("title", {}, curve.name).close();
  }
  svg.close().close();
  return svg.str();
}

}  // namespace crossloom
