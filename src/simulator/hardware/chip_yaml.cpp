#include "simulator/hardware/chip_yaml.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_file.h"
#include "simulator/hardware/validate_chip.h"
#include "support/data_folder.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

fs::path preset_folder() { return fs::path(data_folder()) / "configs" / "crossbars"; }

std::string preset_file(const std::string& name) {
  const std::vector<std::string> names = chip_preset_names();
  if (std::ranges::find(names, name) != names.end()) return (preset_folder() / (name + ".yaml")).string();
  std::string known;
  for (const std::string& preset : names) known += (known.empty() ? "" : ", ") + preset;
  const std::string meant = did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end()));
  throw UserError("chip " + name + ": is not one of " + known + (meant.empty() ? "" : " (did you mean " + meant + "?)") +
                  "; the path of a file ends in .yaml");
}

void leave_out_noise_sections(Document& chip) {
  for (auto& [name, section] : chip.members) {
    if (name != "noise") continue;
    std::erase_if(section.members, [](const auto& member) {
      return std::ranges::find(kNoiseSections, std::string_view(member.first)) != kNoiseSections.end();
    });
  }
}

}  // namespace

std::string chip_file(const std::string& name_or_path) {
  const bool is_path = name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".yaml");
  return is_path ? name_or_path : preset_file(name_or_path);
}

ChipConfig parse_chip_yaml(std::string_view text, std::string_view source_name) {
  Document document = parse_yaml(text, source_name);
  leave_out_noise_sections(document);
  ConfigReader reader(document, std::string(source_name));
  reader.require_note_in_sections("source");
  auto chip = read_fields<ChipConfig>(reader);
  validate(chip, source_name);
  return chip;
}

std::vector<std::string> chip_preset_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(preset_folder(), error)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  if (error) throw UserError(preset_folder().string() + ": cannot be read: " + error.message());
  std::ranges::sort(names);
  return names;
}

ChipConfig load_chip(const std::string& name_or_path) {
  const std::string path = chip_file(name_or_path);
  return parse_chip_yaml(read_text_file(path), path);
}

ChipConfig read_chip(ConfigReader& reader) {
  auto chip = read_fields<ChipConfig>(reader);
  const std::string problem = chip_problem(chip);
  if (!problem.empty()) reader.fail("", problem);
  return chip;
}

}  // namespace crossloom
