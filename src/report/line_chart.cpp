#include <fmt/format.h>

#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kLeastLeft = 80;  // left of the plot
constexpr double kPlotWidth = 560;
constexpr double kTop = 56;
constexpr double kPlotHeight = 280;
constexpr double kBottom = kTop + kPlotHeight;

double largest_of(const std::vector<Curve>& curves, std::vector<double> Curve::*values) {
  double largest = 0.0;
  for (const Curve& curve : curves) {
    for (const double value : curve.*values) largest = std::max(largest, value);
  }
  return largest;
}

constexpr std::int64_t kMostTicks = 6;

/// Left edge of the plot: room for the longest number of the vertical axis and its name.
double left_of(double largest) {
  constexpr double kCharacterWidth = 6.5;
  constexpr double kRoom = 34.0;
  std::size_t longest = 0;
  for (const double tick : ticks_to(largest, kMostTicks)) longest = std::max(longest, number_label(tick).size());
  return std::max(kLeastLeft, kCharacterWidth * static_cast<double>(longest) + kRoom);
}

double draw_vertical_axis(Markup& svg, double left, double largest, const Axis& axis) {
  const std::vector<double> ticks = ticks_to(largest, kMostTicks);
  for (const double tick : ticks) {
    const double y = kBottom - kPlotHeight * tick / ticks.back();
    svg.element("line", {{"class", "grid"},
                         {"x1", coordinate(left)},
                         {"x2", coordinate(left + kPlotWidth)},
                         {"y1", coordinate(y)},
                         {"y2", coordinate(y)}});
    svg_text(svg, {.x = left - 6, .y = y + 4, .anchor = "end"}, number_label(tick));
  }
  svg_text(svg, {.x = 16, .y = kTop + kPlotHeight / 2, .anchor = "middle", .is_upright = true}, axis_text(axis));
  return ticks.back();
}

}  // namespace

std::string line_chart_svg(const LineChart& chart) {
  const double left = left_of(largest_of(chart.curves, &Curve::y));
  Markup legend;
  std::vector<std::string> names;
  names.reserve(chart.curves.size());
  for (const Curve& curve : chart.curves) names.push_back(curve.name);
  const double legend_height = names.size() > 1 ? draw_legend(legend, names, left, 30, kPlotWidth) : 0.0;
  const double shift = std::max(0.0, legend_height - (kTop - 36));

  Markup svg;
  open_svg(svg, chart.title, left + kPlotWidth + 30, kBottom + 44 + shift);
  svg.embed(legend.str()).open("g", {{"transform", fmt::format("translate(0 {})", coordinate(shift))}});
  const double x_end = draw_horizontal_axis(
      svg, {.left = left, .width = kPlotWidth, .top = kTop, .bottom = kBottom, .largest = largest_of(chart.curves, &Curve::x)},
      chart.x_axis);
  const double y_end = draw_vertical_axis(svg, left, largest_of(chart.curves, &Curve::y), chart.y_axis);
  for (std::size_t c = 0; c < chart.curves.size(); ++c) {
    const Curve& curve = chart.curves[c];
    const std::string colour = category_colour(static_cast<std::int64_t>(c));
    std::string points;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const std::string x = coordinate(left + kPlotWidth * curve.x[i] / x_end);
      const std::string y = coordinate(kBottom - kPlotHeight * curve.y.at(i) / y_end);
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
