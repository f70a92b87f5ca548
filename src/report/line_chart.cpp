#include <fmt/format.h>

#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kLeft = 80;
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

double draw_vertical_axis(Markup& svg, double largest, const Axis& axis) {
  const std::vector<double> ticks = ticks_to(largest, 6);
  for (const double tick : ticks) {
    const double y = kBottom - kPlotHeight * tick / ticks.back();
    svg.element("line", {{"class", "grid"},
                         {"x1", coordinate(kLeft)},
                         {"x2", coordinate(kLeft + kPlotWidth)},
                         {"y1", coordinate(y)},
                         {"y2", coordinate(y)}});
    svg_text(svg, {.x = kLeft - 6, .y = y + 4, .anchor = "end"}, number_label(tick));
  }
  svg_text(svg, {.x = 16, .y = kTop + kPlotHeight / 2, .anchor = "middle", .is_upright = true}, axis_text(axis));
  return ticks.back();
}

}  // namespace

std::string line_chart_svg(const LineChart& chart) {
  Markup legend;
  std::vector<std::string> names;
  names.reserve(chart.curves.size());
  for (const Curve& curve : chart.curves) names.push_back(curve.name);
  const double legend_height = names.size() > 1 ? draw_legend(legend, names, kLeft, 30, kPlotWidth) : 0.0;
  const double shift = std::max(0.0, legend_height - (kTop - 36));

  Markup svg;
  open_svg(svg, chart.title, kLeft + kPlotWidth + 30, kBottom + 44 + shift);
  svg.embed(legend.str()).open("g", {{"transform", fmt::format("translate(0 {})", coordinate(shift))}});
  const double x_end = draw_horizontal_axis(
      svg, {.left = kLeft, .width = kPlotWidth, .top = kTop, .bottom = kBottom, .largest = largest_of(chart.curves, &Curve::x)},
      chart.x_axis);
  const double y_end = draw_vertical_axis(svg, largest_of(chart.curves, &Curve::y), chart.y_axis);
  for (std::size_t c = 0; c < chart.curves.size(); ++c) {
    const Curve& curve = chart.curves[c];
    const std::string colour = category_colour(static_cast<std::int64_t>(c));
    std::string points;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const std::string x = coordinate(kLeft + kPlotWidth * curve.x[i] / x_end);
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
