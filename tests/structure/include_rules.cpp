#include "tests/structure/include_rules.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace crossloom {
namespace {

constexpr std::array<std::string_view, 9> kFloors = {"support",  "simulator", "compiler", "report", "accuracy",
                                                     "training", "sweep",     "nas",      "cli"};
constexpr std::array<std::string_view, 10> kThirdParty = {"nlohmann/",        "yaml-cpp/", "fmt/",  "CLI/",   "onnx/",
                                                          "google/protobuf/", "torch/",    "ATen/", "gtest/", "mpi.h"};

/// Position of the floor a path lies in; kFloors.size() for a path outside all of them.
std::size_t floor_of(std::string_view path) {
  const auto floor = std::ranges::find(kFloors, path.substr(0, path.find('/')));
  return static_cast<std::size_t>(floor - kFloors.begin());
}

/// The header an #include line names; empty for any other line.
std::string_view included_header(std::string_view line) {
  const auto skip_blanks = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return {};
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return {};
  line.remove_prefix(std::string_view("include").size());
  skip_blanks();
  if (!line.starts_with('"') && !line.starts_with('<')) return {};
  line.remove_prefix(1);
  return line.substr(0, line.find_first_of("\">"));
}

/// What is wrong with `path` including `header`; empty when nothing is.
std::string broken_rule(std::string_view path, std::string_view header) {
  const bool is_source = path.ends_with(".cpp");
  const std::size_t floor = floor_of(header);
  if (floor < kFloors.size() && floor > floor_of(path)) {
    return std::string(kFloors[floor_of(path)]) + " includes the higher floor " + std::string(kFloors[floor]);
  }
  const bool may_use_torch = is_source && (path.starts_with("training/") || path.starts_with("nas/torch/"));
  const bool is_torch = header.starts_with("torch/") || header.starts_with("ATen/");
  if (is_torch && !may_use_torch) return "torch belongs into training/*.cpp and nas/torch/*.cpp";
  if (header.starts_with("yaml-cpp/") && !path.starts_with("support/")) return "yaml-cpp belongs into support/*.cpp";
  const bool is_third_party =
      std::ranges::any_of(kThirdParty, [header](std::string_view prefix) { return header.starts_with(prefix); });
  if (is_third_party && !is_source) return "a header includes the third-party " + std::string(header);
  return "";
}

}  // namespace

std::vector<std::string> floors() { return {kFloors.begin(), kFloors.end()}; }

std::vector<std::string> broken_include_rules(const std::string& path, std::string_view text) {
  if (floor_of(path) == kFloors.size()) return {path + ":1: lies in no known floor"};
  std::vector<std::string> broken;
  if (path.ends_with(".h") && !text.starts_with("#pragma once\n"))
    broken.push_back(path + ":1: does not begin with #pragma once");
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string rule = broken_rule(path, included_header(line));
    if (!rule.empty()) broken.push_back(std::string(path).append(":").append(std::to_string(number)).append(": ").append(rule));
  }
  return broken;
}

}  // namespace crossloom
