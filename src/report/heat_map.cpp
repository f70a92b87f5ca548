#include <fmt/format.h>

#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kNumbersLeft = 64;
constexpr double kTop = 40;
constexpr double kCharacterWidth = 6.5;

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

double width_of_longest(const std::vector<std::string>& names) {
  std::size_t longest = 0;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  return kCharacterWidth * static_cast<double>(longest);
}

/// Where the cells lie: names beside them take more room than numbers.
struct Frame {
  double left = kNumbersLeft;
  double cell = 0.0;
  double names_height = 15.0;  ///< of what stands below the columns
  bool has_upright_names = false;
};

Frame frame_of(const HeatMap& map, double cell) {
  constexpr double kRoom = 34.0;
  Frame frame{.left = std::max(kNumbersLeft, width_of_longest(map.row_names) + kRoom), .cell = cell};
  frame.has_upright_names = width_of_longest(map.col_names) > cell;
  if (frame.has_upright_names) frame.names_height = width_of_longest(map.col_names) + 4.0;
  return frame;
}

/// Numbers of rows or columns, thinned out so that they do not touch.
bool is_named(std::int64_t index, double cell) {
  return index % std::max<std::int64_t>(1, static_cast<std::int64_t>(24 / cell)) == 0;
}

/// A bar over the gap between two neighbouring cells of half the `pitch`, right of the middle as seen by who goes along.
SvgRectangle link_bar(const HeatMapLink& link, std::int64_t num_cols, const Frame& frame, std::string_view fill) {
  const double pitch = frame.cell;
  const std::int64_t row = link.from / num_cols;
  const std::int64_t col = link.from % num_cols;
  const std::int64_t row_step = link.to / num_cols - row;
  const std::int64_t col_step = link.to % num_cols - col;
  const double lane = pitch * 0.03;
  const double breadth = pitch * 0.15;
  // The right-hand side of a step (row, col) is (col, -row).
  const auto across = [&](std::int64_t side) { return side > 0 ? lane : -lane - breadth; };
  const auto along = [&](std::int64_t step) { return step > 0 ? pitch * 0.25 : pitch * -0.75; };
  const double middle_x = frame.left + pitch * (static_cast<double>(col) + 0.5);
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

std::string name_of(const std::vector<std::string>& names, std::int64_t index) {
  return names.empty() ? fmt::format("{}", index) : names.at(static_cast<std::size_t>(index));
}

/// Names or numbers of rows and columns, and of the axes.
void draw_names(Markup& svg, const HeatMap& map, const Frame& frame) {
  const double bottom = kTop + frame.cell * static_cast<double>(map.rows);
  for (std::int64_t row = 0; row < map.rows; ++row) {
    if (!is_named(row, frame.cell)) continue;
    svg_text(svg, {.x = frame.left - 6, .y = kTop + frame.cell * (static_cast<double>(row) + 0.5) + 4, .anchor = "end"},
             name_of(map.row_names, row));
  }
  for (std::int64_t col = 0; col < map.cols; ++col) {
    if (!is_named(col, frame.cell)) continue;
    const double middle = frame.left + frame.cell * (static_cast<double>(col) + 0.5);
    if (frame.has_upright_names) {
      svg_text(svg, {.x = middle + 4, .y = bottom + 6, .anchor = "end", .is_upright = true}, name_of(map.col_names, col));
    } else {
      svg_text(svg, {.x = middle, .y = bottom + 15, .anchor = "middle"}, name_of(map.col_names, col));
    }
  }
  svg_text(svg,
           {.x = frame.left + frame.cell * static_cast<double>(map.cols) / 2,
            .y = bottom + frame.names_height + 18,
            .anchor = "middle"},
           axis_text(map.col_axis));
  svg_text(svg, {.x = 16, .y = (kTop + bottom) / 2, .anchor = "middle", .is_upright = true}, axis_text(map.row_axis));
}

}  // namespace

std::string heat_map_svg(const HeatMap& map) {
  const auto longest = static_cast<double>(std::max({map.rows, map.cols, std::int64_t{1}}));
  const double cell = std::clamp(420 / longest, map.links.empty() ? 4.0 : 12.0, 44.0);
  const double margin = map.links.empty() ? 0.0 : cell / 4;
  const Frame frame = frame_of(map, cell);
  const double width = cell * static_cast<double>(map.cols);
  const double height = std::max(cell * static_cast<double>(map.rows), 130.0);
  double largest = map.values.empty() ? 0.0 : *std::max_element(map.values.begin(), map.values.end());
  for (const HeatMapLink& link : map.links) largest = std::max(largest, link.value);
  const auto colour = [&](double value) { return viridis_colour(largest > 0 ? value / largest : 0.0); };

  Markup svg;
  open_svg(svg, map.title, std::max(frame.left + width + 120, 420.0), kTop + height + 35 + frame.names_height);
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
                  {.x = frame.left + cell * static_cast<double>(col) + margin,
                   .y = kTop + cell * static_cast<double>(row) + margin,
                   .width = cell - 2 * margin,
                   .height = cell - 2 * margin,
                   .fill = fill,
                   .css_class = is_empty ? "empty edge" : "edge"},
                  label);
  }
  for (const HeatMapLink& link : map.links) svg_rectangle(svg, link_bar(link, map.cols, frame, colour(link.value)), link.label);
  draw_names(svg, map, frame);
  draw_scale(svg, frame.left + width + 20, height, largest, map.value_axis);
  svg.close();
  return svg.str();
}

}  // namespace crossloom
