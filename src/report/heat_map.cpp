#include <fmt/format.h>

#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kLeft = 64;
constexpr double kTop = 40;

void draw_scale(Markup& svg, double x, double height, double largest, const Axis& axis) {
  constexpr std::int64_t kSteps = 32;
  for (std::int64_t i = 0; i < kSteps; ++i) {
    const double fraction = (static_cast<double>(i) + 0.5) / kSteps;
    svg_rectangle(svg, {.x = x,
                        .y = kTop + height * (1 - static_cast<double>(i + 1) / kSteps),
                        .width = 14,
                        .height = height / kSteps + 0.5,
                        .fill = viridis_colour(fraction)});
  }
  svg_text(svg, {.x = x + 20, .y = kTop + 10}, number_label(largest));
  svg_text(svg, {.x = x + 20, .y = kTop + height}, "0");
  svg_text(svg, {.x = x + 64, .y = kTop + height / 2, .anchor = "middle", .is_upright = true}, axis_text(axis));
}

/// Numbers of rows or columns, thinned out so that they do not touch.
bool is_named(std::int64_t index, double cell) {
  return index % std::max<std::int64_t>(1, static_cast<std::int64_t>(24 / cell)) == 0;
}

/// A bar over the gap between two neighbouring cells of half the `pitch`, right of the middle as seen by who goes along.
SvgRectangle link_bar(const HeatMapLink& link, std::int64_t num_cols, double pitch, std::string_view fill) {
  const std::int64_t row = link.from / num_cols;
  const std::int64_t col = link.from % num_cols;
  const std::int64_t row_step = link.to / num_cols - row;
  const std::int64_t col_step = link.to % num_cols - col;
  const double lane = pitch * 0.03;
  const double breadth = pitch * 0.15;
  // The right-hand side of a step (row, col) is (col, -row).
  const auto across = [&](std::int64_t side) { return side > 0 ? lane : -lane - breadth; };
  const auto along = [&](std::int64_t step) { return step > 0 ? pitch * 0.25 : pitch * -0.75; };
  const double middle_x = kLeft + pitch * (static_cast<double>(col) + 0.5);
  const double middle_y = kTop + pitch * (static_cast<double>(row) + 0.5);
  if (row_step == 0) {
    return {.x = middle_x + along(col_step),
            .y = middle_y + across(col_step),
            .width = pitch * 0.5,
            .height = breadth,
            .fill = fill};
  }
  return {.x = middle_x + across(-row_step),
          .y = middle_y + along(row_step),
          .width = breadth,
          .height = pitch * 0.5,
          .fill = fill};
}

}  // namespace

std::string heat_map_svg(const HeatMap& map) {
  const auto longest = static_cast<double>(std::max({map.rows, map.cols, std::int64_t{1}}));
  const double cell = std::clamp(420 / longest, map.links.empty() ? 4.0 : 12.0, 44.0);
  const double margin = map.links.empty() ? 0.0 : cell / 4;
  const double width = cell * static_cast<double>(map.cols);
  const double height = std::max(cell * static_cast<double>(map.rows), 130.0);
  double largest = map.values.empty() ? 0.0 : *std::max_element(map.values.begin(), map.values.end());
  for (const HeatMapLink& link : map.links) largest = std::max(largest, link.value);
  const auto colour = [&](double value) { return viridis_colour(largest > 0 ? value / largest : 0.0); };

  Markup svg;
  open_svg(svg, map.title, std::max(kLeft + width + 120, 420.0), kTop + height + 50);
  for (std::int64_t index = 0; index < map.rows * map.cols; ++index) {
    const std::int64_t row = index / map.cols;
    const std::int64_t col = index % map.cols;
    const double value = map.values.at(static_cast<std::size_t>(index));
    const bool is_empty = value < 0;
    const std::string label = !map.labels.empty() ? map.labels.at(static_cast<std::size_t>(index))
                                                  : fmt::format("{} {}, {} {}: {}", map.row_axis.name, row, map.col_axis.name,
                                                                col, is_empty ? "none" : value_text(value, map.value_axis));
    const std::string fill = is_empty ? "" : colour(value);
    svg_rectangle(svg,
                  {.x = kLeft + cell * static_cast<double>(col) + margin,
                   .y = kTop + cell * static_cast<double>(row) + margin,
                   .width = cell - 2 * margin,
                   .height = cell - 2 * margin,
                   .fill = fill,
                   .css_class = is_empty ? "empty edge" : "edge"},
                  label);
  }
  for (const HeatMapLink& link : map.links) svg_rectangle(svg, link_bar(link, map.cols, cell, colour(link.value)), link.label);
  for (std::int64_t row = 0; row < map.rows; ++row) {
    if (!is_named(row, cell)) continue;
    svg_text(svg, {.x = kLeft - 6, .y = kTop + cell * (static_cast<double>(row) + 0.5) + 4, .anchor = "end"},
             fmt::format("{}", row));
  }
  for (std::int64_t col = 0; col < map.cols; ++col) {
    if (!is_named(col, cell)) continue;
    svg_text(svg,
             {.x = kLeft + cell * (static_cast<double>(col) + 0.5),
              .y = kTop + cell * static_cast<double>(map.rows) + 15,
              .anchor = "middle"},
             fmt::format("{}", col));
  }
  svg_text(svg, {.x = kLeft + width / 2, .y = kTop + cell * static_cast<double>(map.rows) + 33, .anchor = "middle"},
           axis_text(map.col_axis));
  svg_text(svg, {.x = 16, .y = kTop + cell * static_cast<double>(map.rows) / 2, .anchor = "middle", .is_upright = true},
           axis_text(map.row_axis));
  draw_scale(svg, kLeft + width + 20, height, largest, map.value_axis);
  svg.close();
  return svg.str();
}

}  // namespace crossloom
