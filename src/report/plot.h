#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Figures as SVG from plain tables. Colours are the classes of plot_style.h, so that a page or a viewer in dark mode shows
/// them dark; every element with a value but those of a rectangle map has a <title> that browsers show on hover.
namespace crossloom {

/// An axis: "latency" in "ns". An empty unit means a plain number.
struct Axis {
  std::string name;
  std::string unit = {};
};

struct Series {
  std::string name;
  std::vector<double> values;
};

/// Horizontal bars, one a category, each the stack of all series; values are at least 0 and finite.
struct BarChart {
  std::string title;
  Axis category_axis;
  Axis value_axis;
  std::vector<std::string> categories;
  std::vector<Series> series;  ///< each with one value a category
};
[[nodiscard]] std::string bar_chart_svg(const BarChart& chart);

struct Curve {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
};
enum class CurveStyle { kLine, kPoints };

/// Curves or points in a plane; all values finite.
struct LineChart {
  std::string title;
  Axis x_axis;
  Axis y_axis;
  std::vector<Curve> curves;
  CurveStyle style = CurveStyle::kLine;
};
[[nodiscard]] std::string line_chart_svg(const LineChart& chart);

/// A value between two cells that are neighbours in a row or column, in one direction.
struct HeatMapLink {
  std::int64_t from = 0;  ///< index of the cell, row by row
  std::int64_t to = 0;
  double value = 0.0;
  std::string label;  ///< hover text
};

/// A value for each cell of a grid of rows x cols, row by row, coloured by viridis from 0 to the largest; a negative value
/// stands for no value. Links lie between the cells in the same colours, each on the right-hand side of its direction.
struct HeatMap {
  std::string title;
  Axis row_axis;
  Axis col_axis;
  Axis value_axis;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<double> values;
  std::vector<std::string> labels = {};     ///< hover text of each cell; none: its place and value
  std::vector<std::string> row_names = {};  ///< beside the rows; none: their numbers
  std::vector<std::string> col_names = {};  ///< below the columns; none: their numbers
  std::vector<HeatMapLink> links = {};
};
[[nodiscard]] std::string heat_map_svg(const HeatMap& map);

struct GanttSpan {
  std::int64_t track = 0;
  double start = 0.0;
  double end = 0.0;
  std::string label;  ///< hover text
};

/// Spans of time on named tracks.
struct GanttChart {
  std::string title;
  Axis time_axis;
  Axis track_axis;
  std::vector<std::string> tracks;
  std::vector<GanttSpan> spans;
};
[[nodiscard]] std::string gantt_chart_svg(const GanttChart& chart);

struct MapRectangle {
  std::int64_t group = 0;  ///< gives the colour; index into RectangleMap::groups
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// A panel of a rectangle map: rectangles inside an area of `panel_width` x `panel_height`.
struct MapPanel {
  std::int64_t section = 0;  ///< panels of one section are drawn in one box
  std::vector<MapRectangle> rectangles;
};

/// Thousands of small areas filled with rectangles, boxed by section. To stay small the figure has no element a rectangle: the
/// rectangles of group g in a box are one path of class "g<g>", in whole units, inside
///
///     <g class="section s<section>"> .. <g data-columns="n" data-pitch-x="x" data-pitch-y="y" transform=".."> paths
///
/// where panel i of the section (in the order given) begins at (i % n * x, i / n * y).
struct RectangleMap {
  std::string title;
  Axis x_axis;
  Axis y_axis;
  std::int64_t panel_width = 1;
  std::int64_t panel_height = 1;
  std::string section_name;  ///< what a box is: "tile"
  std::vector<std::string> groups;
  std::vector<MapPanel> panels;
};
[[nodiscard]] std::string rectangle_map_svg(const RectangleMap& map);

}  // namespace crossloom
