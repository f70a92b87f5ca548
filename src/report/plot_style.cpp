#include "report/plot_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/quantity.h"

namespace crossloom {
namespace {

using Rgb = std::array<double, 3>;

/// In an order in which neighbours differ in lightness: L* (CIE 1976) 46, 71, 54, 70, 58, 89, 61.
constexpr std::int64_t kNumOkabeIto = 7;
constexpr std::array<Rgb, kNumOkabeIto> kOkabeIto = {
    {{0, 114, 178}, {230, 159, 0}, {213, 94, 0}, {86, 180, 233}, {0, 158, 115}, {240, 228, 66}, {204, 121, 167}}};

/// The second round of the colours is mixed with black, the third with white.
struct Tint {
  double weight = 0.0;
  double towards = 0.0;
};
constexpr std::int64_t kNumTints = 3;
constexpr std::array<Tint, kNumTints> kTints = {{{0.0, 0.0}, {0.4, 0.0}, {0.5, 255.0}}};

/// Viridis at ninths of its length; colours between are interpolated linearly.
constexpr std::array<Rgb, 10> kViridis = {{{68, 1, 84},
                                           {72, 40, 120},
                                           {62, 73, 137},
                                           {49, 104, 142},
                                           {38, 130, 142},
                                           {31, 158, 137},
                                           {53, 183, 121},
                                           {110, 206, 88},
                                           {181, 222, 43},
                                           {253, 231, 37}}};

std::string hex_text(const Rgb& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", std::lround(colour[0]), std::lround(colour[1]), std::lround(colour[2]));
}

Rgb mixed(const Rgb& from, const Rgb& to, double weight) {
  Rgb colour{};
  for (std::size_t i = 0; i < colour.size(); ++i) colour.at(i) = from.at(i) * (1 - weight) + to.at(i) * weight;
  return colour;
}

}  // namespace

std::string viridis_colour(double fraction) {
  const double place = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(kViridis.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kViridis.size() - 2);
  return hex_text(mixed(kViridis.at(below), kViridis.at(below + 1), place - static_cast<double>(below)));
}

std::string category_colour(std::int64_t index) {
  const Tint& tint = kTints.at(static_cast<std::size_t>(index / kNumOkabeIto % kNumTints));
  const Rgb target = {tint.towards, tint.towards, tint.towards};
  return hex_text(mixed(kOkabeIto.at(static_cast<std::size_t>(index % kNumOkabeIto)), target, tint.weight));
}

std::string_view plot_css() {
  return ":root{--paper:#fff;--ink:#1b1b1b;--faint:#d9d9d9;--empty:#f1f1f1}"
         "@media screen and (prefers-color-scheme:dark){:root{--paper:#16181c;--ink:#e8e8e8;--faint:#44484f;--empty:#23262b}}"
         "svg.plot{background:var(--paper);font-family:system-ui,sans-serif;font-size:12px}"
         "svg.plot text{fill:var(--ink)}svg.plot .title{font-size:14px;font-weight:600}"
         "svg.plot .grid{stroke:var(--faint);stroke-width:1}svg.plot .empty{fill:var(--empty)}"
         "svg.plot .frame{fill:none;stroke:var(--ink);stroke-width:1}svg.plot "
         ".edge{stroke:var(--paper);stroke-width:.5;vector-effect:non-scaling-stroke}"
         "svg.plot .small{font-size:9px}";
}

std::vector<double> ticks_between(double least, double largest, std::int64_t max_ticks) {
  const double begin = least > 0 && least < largest - least ? 0.0 : least;
  if (!(largest > begin))
    return begin == 0.0 ? std::vector{0.0, 1.0} : ticks_between(std::min(least, 0.0), std::max(largest, 0.0), max_ticks);
  // Ends that lie on a tick but for a rounding error are on it.
  const double error = 1e-12 * std::max(std::abs(begin), std::abs(largest));
  const auto first_of = [&](double step) { return std::floor((begin + error) / step); };
  const auto last_of = [&](double step) { return std::ceil((largest - error) / step); };
  const double power = std::pow(10.0, std::floor(std::log10((largest - begin) / static_cast<double>(max_ticks))));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0}) {
    step = factor * power;
    if (last_of(step) - first_of(step) <= static_cast<double>(max_ticks)) break;
  }
  std::vector<double> ticks;
  for (double tick = first_of(step); tick <= last_of(step); tick += 1.0) ticks.push_back(tick * step);
  return ticks;
}

std::string axis_text(const Axis& axis) { return axis.unit.empty() ? axis.name : axis.name + " (" + axis.unit + ')'; }

std::string number_label(double value) {
  const bool is_large = std::abs(value) >= 1e4 && std::abs(value) < 1e15;
  return is_large ? count_text(std::llround(value)) : fmt::format("{:.4g}", value);
}

std::string value_text(double value, const Axis& axis) {
  return number_label(value) + (axis.unit.empty() ? "" : " " + axis.unit);
}

std::string coordinate(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void open_svg(Markup& svg, std::string_view title, double width, double height) {
  svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", "plot"},
                   {"viewBox", fmt::format("0 0 {} {}", coordinate(width), coordinate(height))},
                   {"width", coordinate(width)},
                   {"height", coordinate(height)},
                   {"role", "img"}});
  svg.element("title", {}, title);
  svg.element("style", {}, plot_css());
  svg_text(svg, {.x = 8, .y = 18}, title, "title");
}

void svg_text(Markup& svg, const TextPlace& place, std::string_view text, std::string_view css_class) {
  Markup::Attributes attributes = {{"x", coordinate(place.x)}, {"y", coordinate(place.y)}};
  if (place.anchor != "start") attributes.emplace_back("text-anchor", place.anchor);
  if (!css_class.empty()) attributes.emplace_back("class", css_class);
  if (place.is_upright) {
    attributes.emplace_back("transform", fmt::format("rotate(-90 {} {})", coordinate(place.x), coordinate(place.y)));
  }
  svg.element("text", attributes, text);
}

void svg_rectangle(Markup& svg, const SvgRectangle& rectangle, std::string_view label) {
  Markup::Attributes attributes = {{"x", coordinate(rectangle.x)},
                                   {"y", coordinate(rectangle.y)},
                                   {"width", coordinate(rectangle.width)},
                                   {"height", coordinate(rectangle.height)}};
  if (!rectangle.fill.empty()) attributes.emplace_back("fill", rectangle.fill);
  if (!rectangle.css_class.empty()) attributes.emplace_back("class", rectangle.css_class);
  if (label.empty()) {
    svg.element("rect", attributes);
  } else {
    svg.open("rect", attributes).element("title", {}, label).close();
  }
}

AxisRange draw_horizontal_axis(Markup& svg, const HorizontalAxis& place, const Axis& axis) {
  const std::vector<double> ticks = ticks_between(place.least, place.largest, 5);
  const AxisRange range{.first = ticks.front(), .last = ticks.back()};
  for (const double tick : ticks) {
    const double x = place.left + place.width * range.position(tick);
    svg.element("line", {{"class", "grid"},
                         {"x1", coordinate(x)},
                         {"x2", coordinate(x)},
                         {"y1", coordinate(place.top)},
                         {"y2", coordinate(place.bottom)}});
    svg_text(svg, {.x = x, .y = place.bottom + 15, .anchor = "middle"}, number_label(tick));
  }
  svg_text(svg, {.x = place.left + place.width / 2, .y = place.bottom + 33, .anchor = "middle"}, axis_text(axis));
  return range;
}

std::string shortened(std::string_view name, std::size_t max_characters) {
  std::size_t num_characters = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(name[i]) & 0xC0U) != 0x80U;
    if (begins_character && ++num_characters == max_characters) cut = i;
  }
  if (num_characters <= max_characters) return std::string(name);
  return std::string(name.substr(0, cut)) + "\u2026";
}

double draw_legend(Markup& svg, const std::vector<std::string>& names, double x, double y, double width) {
  constexpr double kLine = 18;
  double place_x = x;
  double place_y = y;
  const auto count = static_cast<std::int64_t>(names.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string name = shortened(names[static_cast<std::size_t>(i)], 24);
    const double taken = 26 + 7.2 * static_cast<double>(name.size());
    if (place_x > x && place_x + taken > x + width) {
      place_x = x;
      place_y += kLine;
    }
    svg_rectangle(svg, {.x = place_x, .y = place_y, .width = 11, .height = 11, .fill = category_colour(i)});
    svg_text(svg, {.x = place_x + 16, .y = place_y + 10}, name);
    place_x += taken;
  }
  return place_y - y + kLine;
}

}  // namespace crossloom
