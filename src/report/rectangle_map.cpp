#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kWidth = 960;
constexpr double kGap = 4;

/// Panels a line and their side, so that thousands stay within a few screens and a handful can be seen.
struct PanelGrid {
  std::int64_t per_line = 1;
  double width = 0.0;
  double height = 0.0;
};

PanelGrid panel_grid(const RectangleMap& map) {
  const auto num_panels = static_cast<double>(std::max<std::size_t>(map.panels.size(), 1));
  const double side = std::clamp(std::sqrt(kWidth * 640 / num_panels), 22.0, 150.0);
  const double aspect = std::clamp(map.panel_height / map.panel_width, 0.25, 4.0);
  const double width = side / std::sqrt(aspect);
  return {.per_line = std::max<std::int64_t>(1, static_cast<std::int64_t>(kWidth / (width + kGap))),
          .width = width,
          .height = width * aspect};
}

std::string group_css(const RectangleMap& map) {
  std::string css;
  const auto count = static_cast<std::int64_t>(map.groups.size());
  for (std::int64_t group = 0; group < count; ++group) {
    css += fmt::format("svg.plot .g{}{{fill:{}}}", group, category_colour(group, count));
  }
  return css;
}

void draw_panel(Markup& svg, const RectangleMap& map, const MapPanel& panel, const PanelGrid& grid) {
  const double x_scale = grid.width / map.panel_width;
  const double y_scale = grid.height / map.panel_height;
  svg_rectangle(svg, {.width = grid.width, .height = grid.height, .css_class = "empty"}, panel.name);
  for (const MapRectangle& rectangle : panel.rectangles) {
    svg_rectangle(svg,
                  {.x = rectangle.x * x_scale,
                   .y = rectangle.y * y_scale,
                   .width = rectangle.width * x_scale,
                   .height = rectangle.height * y_scale,
                   .css_class = fmt::format("g{} edge", rectangle.group)},
                  rectangle.label);
  }
}

}  // namespace

std::string rectangle_map_svg(const RectangleMap& map) {
  const PanelGrid grid = panel_grid(map);
  const auto num_panels = static_cast<std::int64_t>(map.panels.size());
  const std::int64_t num_lines = (num_panels + grid.per_line - 1) / grid.per_line;
  Markup legend;
  const double legend_height = draw_legend(legend, map.groups, 8, 52, kWidth - 16);
  const double top = 58 + legend_height;

  Markup svg;
  open_svg(svg, map.title, kWidth, top + static_cast<double>(num_lines) * (grid.height + kGap) + 8);
  svg.element("style", {}, group_css(map));
  svg_text(svg, {.x = 8, .y = 38},
           fmt::format("each panel: {:.0f} wide, {} to the right; {:.0f} high, {} downward", map.panel_width,
                       axis_text(map.x_axis), map.panel_height, axis_text(map.y_axis)));
  svg.embed(legend.str());
  for (std::int64_t i = 0; i < num_panels; ++i) {
    const MapPanel& panel = map.panels[static_cast<std::size_t>(i)];
    const double x = static_cast<double>(i % grid.per_line) * (grid.width + kGap);
    const double y = top + static_cast<double>(i / grid.per_line) * (grid.height + kGap);
    svg.open("g", {{"class", fmt::format("panel s{}", panel.section)},
                   {"transform", fmt::format("translate({} {})", coordinate(x), coordinate(y))}});
    draw_panel(svg, map, panel, grid);
    svg.close();
  }
  svg.close();
  return svg.str();
}

}  // namespace crossloom
