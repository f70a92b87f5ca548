#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/markup.h"
#include "report/plot.h"

/// What all figures share: colours, ticks, frames.
namespace crossloom {

/// Colour of entry `index` >= 0: seven of the colours that Okabe and Ito chose so that colour-blind people tell them apart
/// ("Color Universal Design", 2008; without black), then these darker, then lighter, then again. Neighbours differ in
/// lightness.
[[nodiscard]] std::string category_colour(std::int64_t index);

/// Viridis at `fraction`, 0 to 1, as "#rrggbb".
[[nodiscard]] std::string viridis_colour(double fraction);

/// Style of every figure: variables for text, lines and paper, light and dark.
[[nodiscard]] std::string_view plot_css();

/// Round numbers, at most `max_ticks` + 1 of them, in steps of 1, 2 or 5 times a power of ten, from the last that is not above
/// `least` to the first that is not below `largest`; from 0 when `least` is nearer to 0 than to `largest`.
[[nodiscard]] std::vector<double> ticks_between(double least, double largest, std::int64_t max_ticks);

/// "latency (ns)".
[[nodiscard]] std::string axis_text(const Axis& axis);

/// Four significant digits, whole numbers from 10^4 on with commas: "0.1234", "12,345,678".
[[nodiscard]] std::string number_label(double value);

/// number_label and the unit.
[[nodiscard]] std::string value_text(double value, const Axis& axis);

/// Coordinates with at most two digits behind the point.
[[nodiscard]] std::string coordinate(double value);

/// Opens <svg> with its title and style; the caller closes it.
void open_svg(Markup& svg, std::string_view title, double width, double height);

struct TextPlace {
  double x = 0.0;
  double y = 0.0;
  std::string_view anchor = "start";
  bool is_upright = false;  ///< turned by 90 degrees, read from below
};
void svg_text(Markup& svg, const TextPlace& place, std::string_view text, std::string_view css_class = {});

/// A rectangle with its hover text.
struct SvgRectangle {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;
  std::string_view fill = {};
  std::string_view css_class = {};
};
void svg_rectangle(Markup& svg, const SvgRectangle& rectangle, std::string_view label = {});

/// The values at both ends of an axis.
struct AxisRange {
  double first = 0.0;
  double last = 1.0;
  /// How far along the axis a value lies, 0 to 1.
  [[nodiscard]] double position(double value) const { return (value - first) / (last - first); }
};

/// Ticks, grid lines and names of a horizontal axis from `left` over `width`, at height `bottom`; grid up to `top`.
struct HorizontalAxis {
  double left = 0.0;
  double width = 0.0;
  double top = 0.0;
  double bottom = 0.0;
  double largest = 0.0;
  double least = 0.0;  ///< see ticks_between
};
AxisRange draw_horizontal_axis(Markup& svg, const HorizontalAxis& place, const Axis& axis);

/// Name cut to `max_characters`, with an ellipsis.
[[nodiscard]] std::string shortened(std::string_view name, std::size_t max_characters);

/// One coloured square and name after another in lines from (x, y) on; returns the height taken.
double draw_legend(Markup& svg, const std::vector<std::string>& names, double x, double y, double width);

}  // namespace crossloom
