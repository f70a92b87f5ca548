#include "simulator/hardware/chip_yaml.h"

#include <algorithm>

#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_file.h"
#include "simulator/hardware/validate_chip.h"
#include "support/builtin_files.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr BuiltinFiles kPresets = {.kind = "chip", .folder = "configs/crossbars"};

void leave_out_noise_sections(Document& chip) {
  for (auto& [name, section] : chip.members) {
    if (name != "noise") continue;
    std::erase_if(section.members, [](const auto& member) {
      return std::ranges::find(kNoiseSections, std::string_view(member.first)) != kNoiseSections.end();
    });
  }
}

}  // namespace

std::string chip_file(const std::string& name_or_path) { return kPresets.path_of(name_or_path); }

ChipConfig parse_chip_yaml(std::string_view text, std::string_view source_name) {
  Document document = parse_yaml(text, source_name);
  leave_out_noise_sections(document);
  ConfigReader reader(document, std::string(source_name));
  reader.require_note_in_sections("source");
  auto chip = read_fields<ChipConfig>(reader);
  validate(chip, source_name);
  return chip;
}

std::vector<std::string> chip_preset_names() { return kPresets.names(); }

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
