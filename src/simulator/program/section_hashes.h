#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/config_reader.h"
#include "support/json.h"

/// Hashes that tell where a file was edited since it was written: one a member, and one for each element of a list and each
/// member of a section. They cover values, not layout: reformatting a file does not change them.
namespace crossloom {

/// `{"network": "<hash>", "chip": {"name": "<hash>", ...}, "crossbars": ["<hash>", ...]}` for the members of `sections`.
[[nodiscard]] Json section_hashes(const Json::Object& sections);

/// Compares the hashes in the file's member `section_hashes` with those of `sections`, the same members written anew from what
/// was read. One message an edited place: `source:line: crossbars[12]: does not match its hash: edited since it was written;
/// compile again`. Throws UserError when the hashes are missing or malformed.
[[nodiscard]] std::vector<std::string> edited_sections(const Json::Object& sections, ConfigReader& file,
                                                       std::string_view source_name);

}  // namespace crossloom
