#include <algorithm>

#include "report/plot.h"
#include "report/plot_style.h"

namespace crossloom {

std::string gantt_chart_svg(const GanttChart& chart) {
  constexpr double kLeft = 190;
  constexpr double kPlotWidth = 540;
  constexpr double kTop = 34;
  constexpr double kTrack = 15;
  const auto num_tracks = static_cast<std::int64_t>(chart.tracks.size());
  const double bottom = kTop + 18 + kTrack * static_cast<double>(num_tracks);
  double largest = 0.0;
  for (const GanttSpan& span : chart.spans) largest = std::max(largest, span.end);

  Markup svg;
  open_svg(svg, chart.title, kLeft + kPlotWidth + 40, bottom + 44);
  const double end =
      draw_horizontal_axis(svg, {.left = kLeft, .width = kPlotWidth, .top = kTop, .bottom = bottom, .largest = largest},
                           chart.time_axis)
          .last;
  svg_text(svg, {.x = 8, .y = kTop + 6}, axis_text(chart.track_axis));
  for (std::int64_t track = 0; track < num_tracks; ++track) {
    svg_text(svg, {.x = kLeft - 8, .y = kTop + 25 + kTrack * static_cast<double>(track), .anchor = "end"},
             shortened(chart.tracks[static_cast<std::size_t>(track)], 24));
  }
  for (const GanttSpan& span : chart.spans) {
    const std::string fill = category_colour(span.track);
    svg_rectangle(svg,
                  {.x = kLeft + kPlotWidth * span.start / end,
                   .y = kTop + 15 + kTrack * static_cast<double>(span.track),
                   .width = std::max(kPlotWidth * (span.end - span.start) / end, 0.5),
                   .height = kTrack - 3,
                   .fill = fill},
                  span.label);
  }
  svg.close();
  return svg.str();
}

}  // namespace crossloom
