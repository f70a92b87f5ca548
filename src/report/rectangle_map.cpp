#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {
namespace {

constexpr double kWidth = 960;
constexpr double kMapArea = kWidth * 640;
constexpr double kLabelHeight = 12;
constexpr double kBoxGap = 8;

using Section = std::vector<const MapPanel*>;

/// How panels stand in a box: the same in all boxes.
struct BoxLayout {
  double x_scale = 1.0;  ///< pixels a unit
  double y_scale = 1.0;
  std::int64_t columns = 1;
  std::int64_t x_pitch = 1;  ///< units from panel to panel
  std::int64_t y_pitch = 1;
};

/// Panels as large as a few screens can show all of them; boxes about as wide as high.
BoxLayout box_layout(const RectangleMap& map, std::int64_t most_panels) {
  const auto num_panels = static_cast<double>(std::max<std::size_t>(map.panels.size(), 1));
  const auto width = static_cast<double>(map.panel_width);
  const auto height = static_cast<double>(map.panel_height);
  const double side = std::min(std::sqrt(kMapArea / num_panels), 150.0);
  const double aspect = std::clamp(height / width, 0.25, 4.0);
  const double x_scale = side / std::sqrt(aspect) / width;
  const double y_scale = side * std::sqrt(aspect) / height;
  const double gap = std::clamp(side * 0.08, 0.5, 4.0);
  const BoxLayout layout = {.x_scale = x_scale,
                            .y_scale = y_scale,
                            .columns = 1,
                            .x_pitch = map.panel_width + static_cast<std::int64_t>(std::ceil(gap / x_scale)),
                            .y_pitch = map.panel_height + static_cast<std::int64_t>(std::ceil(gap / y_scale))};
  const double columns = std::sqrt(static_cast<double>(most_panels) * aspect);
  const double widest = kWidth / (static_cast<double>(layout.x_pitch) * x_scale);
  BoxLayout boxed = layout;
  boxed.columns = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(std::ceil(columns), std::floor(widest))));
  return boxed;
}

/// Edges are thin where panels are small, so that they do not cover the blocks.
std::string map_css(const RectangleMap& map, const BoxLayout& layout) {
  const double side = layout.x_scale * static_cast<double>(map.panel_width);
  std::string css = fmt::format("svg.plot path.edge{{stroke-width:{:.2g}}}", std::clamp(side / 80, 0.05, 0.5));
  const auto count = static_cast<std::int64_t>(map.groups.size());
  for (std::int64_t group = 0; group < count; ++group) {
    css += fmt::format("svg.plot .g{}{{fill:{}}}", group, category_colour(group));
  }
  return css;
}

void append_rectangle(std::string& path, std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height) {
  fmt::format_to(std::back_inserter(path), "M{} {}h{}v{}h-{}z", x, y, width, height, width);
}

void draw_box(Markup& svg, const RectangleMap& map, const Section& panels, const BoxLayout& layout) {
  std::string empty;
  std::map<std::int64_t, std::string> paths;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const std::int64_t x = static_cast<std::int64_t>(i) % layout.columns * layout.x_pitch;
    const std::int64_t y = static_cast<std::int64_t>(i) / layout.columns * layout.y_pitch;
    append_rectangle(empty, x, y, map.panel_width, map.panel_height);
    for (const MapRectangle& rectangle : panels[i]->rectangles) {
      append_rectangle(paths[rectangle.group], x + rectangle.x, y + rectangle.y, rectangle.width, rectangle.height);
    }
  }
  svg.element("path", {{"class", "empty"}, {"d", empty}});
  for (const auto& [group, path] : paths) svg.element("path", {{"class", fmt::format("g{} edge", group)}, {"d", path}});
}

}  // namespace

std::string rectangle_map_svg(const RectangleMap& map) {
  std::map<std::int64_t, Section> sections;
  for (const MapPanel& panel : map.panels) sections[panel.section].push_back(&panel);
  std::size_t most_panels = 1;
  for (const auto& [number, panels] : sections) most_panels = std::max(most_panels, panels.size());
  const BoxLayout layout = box_layout(map, static_cast<std::int64_t>(most_panels));
  const std::int64_t lines = (static_cast<std::int64_t>(most_panels) + layout.columns - 1) / layout.columns;
  const double box_width = layout.x_scale * static_cast<double>(layout.columns * layout.x_pitch) + kBoxGap;
  const double box_height = layout.y_scale * static_cast<double>(lines * layout.y_pitch) + kLabelHeight + kBoxGap;
  const std::int64_t boxes_a_line = std::max<std::int64_t>(1, static_cast<std::int64_t>((kWidth - kBoxGap) / box_width));
  const std::int64_t box_lines = (static_cast<std::int64_t>(sections.size()) + boxes_a_line - 1) / boxes_a_line;
  Markup legend;
  const double top = 58 + draw_legend(legend, map.groups, 8, 52, kWidth - 16);

  Markup svg;
  open_svg(svg, map.title, kWidth, top + static_cast<double>(box_lines) * box_height + 8);
  svg.element("style", {}, map_css(map, layout));
  svg_text(svg, {.x = 8, .y = 38},
           fmt::format("each panel: {} wide, {} to the right; {} high, {} downward; boxed by {}", map.panel_width,
                       axis_text(map.x_axis), map.panel_height, axis_text(map.y_axis), map.section_name));
  svg.embed(legend.str());
  std::int64_t box = 0;
  for (const auto& [number, panels] : sections) {
    const std::int64_t line = box / boxes_a_line;
    const double x = kBoxGap + static_cast<double>(box % boxes_a_line) * box_width;
    const double y = top + static_cast<double>(line) * box_height;
    ++box;
    svg.open("g", {{"class", fmt::format("section s{}", number)}});
    svg_text(svg, {.x = x, .y = y + 9}, fmt::format("{} {}", map.section_name, number), "small");
    svg.open("g", {{"data-columns", fmt::format("{}", layout.columns)},
                   {"data-pitch-x", fmt::format("{}", layout.x_pitch)},
                   {"data-pitch-y", fmt::format("{}", layout.y_pitch)},
                   {"transform", fmt::format("translate({} {}) scale({:.6g} {:.6g})", coordinate(x),
                                             coordinate(y + kLabelHeight), layout.x_scale, layout.y_scale)}});
    draw_box(svg, map, panels, layout);
    svg.close().close();
  }
  svg.close();
  return svg.str();
}

}  // namespace crossloom
