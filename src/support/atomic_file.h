#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossloom {

/// Writes `text` aside (same folder, name + ".partial-<pid>"), flushes it to the disk and renames it over `path`: a reader sees
/// the old file or the whole new one. On any failure the partial file is removed and UserError
/// `path: cannot be written: <reason>` is thrown; an existing file at `path` stays as it was.
void write_file_atomically(const std::string& path, std::string_view text);

/// Writes several files of one folder (created with its parents when missing): all are written aside first and renamed only
/// when every one is complete, so that a full disk leaves none of them. A folder this call created is removed on failure.
void write_files_atomically(const std::string& folder, const std::vector<std::pair<std::string, std::string>>& name_and_text);

}  // namespace crossloom
