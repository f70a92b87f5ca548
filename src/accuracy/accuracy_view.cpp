#include "accuracy/accuracy_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "report/markup.h"
#include "report/page_assets.h"
#include "report/plot.h"

namespace crossloom {
namespace {

std::string percent(double fraction) {
  constexpr double kPercent = 100.0;
  return fmt::format("{:.2f} %", kPercent * fraction);
}

/// A curve over the first swept parameter, of the points with one value of the second.
template <class Value>
Curve curve_of(const AccuracyReport& report, const std::string& name, const Value& value,
               const std::vector<double>& others = {}) {
  Curve curve{.name = name, .x = {}, .y = {}};
  for (const AccuracyPoint& point : report.points) {
    if (!std::ranges::equal(others, std::span(point.values).subspan(1))) continue;
    curve.x.push_back(point.values.front());
    curve.y.push_back(value(point));
  }
  return curve;
}

/// Curves over the first swept parameter: with one parameter mean, interval and references, with two a mean for each value of
/// the second.
std::string sweep_svg(const AccuracyReport& report) {
  const std::string& key = report.swept_parameters.front();
  LineChart chart{.title = "Accuracy over " + key, .x_axis = {key}, .y_axis = {"accuracy, share of the images"}, .curves = {}};
  const auto mean = [](const AccuracyPoint& point) { return point.mean_fraction; };
  if (report.swept_parameters.size() > 1) {
    for (const AccuracyPoint& point : report.points) {
      if (point.values.front() != report.points.front().values.front()) break;
      const std::vector<double> others(point.values.begin() + 1, point.values.end());
      const std::string name = fmt::format("{} = {:.6g}", report.swept_parameters[1], others.front());
      chart.curves.push_back(curve_of(report, name, mean, others));
    }
    return line_chart_svg(chart);
  }
  chart.curves = {curve_of(report, "on the chip", mean),
                  curve_of(report, "95 % interval, low", [](const AccuracyPoint& point) { return point.low_fraction; }),
                  curve_of(report, "95 % interval, high", [](const AccuracyPoint& point) { return point.high_fraction; }),
                  curve_of(report, "quantized, exact", [](const AccuracyPoint& point) { return point.quantized_fraction; }),
                  curve_of(report, "floating point", [&](const AccuracyPoint&) { return report.float_accuracy_fraction; })};
  return line_chart_svg(chart);
}

std::string accuracy_svg(const AccuracyReport& report) {
  if (report.points.size() > 1) return sweep_svg(report);
  BarChart chart{.title = "Accuracy",
                 .category_axis = {"arithmetic"},
                 .value_axis = {"accuracy, share of the images"},
                 .categories = {"floating point", "quantized, exact"},
                 .series = {{"", {report.float_accuracy_fraction, report.quantized_accuracy_fraction}}}};
  for (const AccuracyPoint& point : report.points) {
    chart.categories.emplace_back("on the chip");
    chart.series.front().values.push_back(point.mean_fraction);
  }
  return bar_chart_svg(chart);
}

std::string layer_svg(const AccuracyReport& report, const std::string& title, const std::string& axis,
                      double LayerEffect::*value) {
  BarChart chart{.title = title, .category_axis = {"layer"}, .value_axis = {axis}, .categories = {}, .series = {{"", {}}}};
  for (const LayerEffect& layer : report.layers) {
    chart.categories.push_back(layer.layer);
    chart.series.front().values.push_back(std::max(layer.*value, 0.0));
  }
  return bar_chart_svg(chart);
}

void write_points(Markup& page, const AccuracyReport& report) {
  page.open("div", {{"class", "scroll"}}).open("table").open("thead").open("tr");
  for (const std::string& key : report.swept_parameters) page.element("th", {}, key);
  for (const char* title : {"quantized, exact", "on the chip", "standard deviation", "95 % interval", "trials"}) {
    page.element("th", {}, title);
  }
  page.close().close().open("tbody");
  for (const AccuracyPoint& point : report.points) {
    page.open("tr");
    for (const double value : point.values) page.element("td", {}, fmt::format("{:.6g}", value));
    page.element("td", {}, percent(point.quantized_fraction)).element("td", {}, percent(point.mean_fraction));
    page.element("td", {}, percent(point.std_fraction));
    page.element("td", {}, fmt::format("{} to {}", percent(point.low_fraction), percent(point.high_fraction)));
    page.element("td", {}, fmt::format("{}", point.trials.size())).close();
  }
  page.close().close().close();
}

}  // namespace

std::vector<NamedFigure> accuracy_figures(const AccuracyReport& report) {
  return {{"accuracy", "The interval is that of the mean over the trials.", accuracy_svg(report)},
          {"layer_noise", "Root-mean-square error of a layer's sums to that of the exact sums of the same inputs.",
           layer_svg(report, "Noise to signal by layer", "noise to signal", &LayerEffect::noise_to_signal_fraction)},
          {"layer_loss", "With this layer in its arrays and all others exact; a layer that gains some shows none.",
           layer_svg(report, "Accuracy that a layer alone costs", "accuracy lost, share of the images",
                     &LayerEffect::accuracy_loss_fraction)}};
}

std::string accuracy_section(const AccuracyReport& report) {
  Markup section;
  section.open("section").element("h2", {}, "accuracy");
  section.element("p", {},
                  fmt::format("{} images of {}, {}-bit weights, {}-bit activations, seed {}: {} in floating point.",
                              report.num_images, report.data, report.weight_bits, report.activation_bits, report.seed,
                              percent(report.float_accuracy_fraction)));
  write_points(section, report);
  for (const NamedFigure& figure : accuracy_figures(report)) {
    section.element("h2", {}, figure.name).open("figure").open("div", {{"class", "scroll"}}).embed(figure.svg).close();
    section.element("figcaption", {}, figure.caption).close();
  }
  section.close();
  return section.str();
}

std::string accuracy_page(const AccuracyReport& report) {
  const std::string title = report.network + " on " + report.chip;
  Markup page;
  open_page_head(page, title);
  page.close().open("body").element("h1", {}, title).embed(accuracy_section(report)).close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
