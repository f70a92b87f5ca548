#include "sweep/sweep_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "simulator/program/file_header.h"
#include "simulator/program/file_schema.h"
#include "support/atomic_file.h"
#include "support/config_reader.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema = "crossloom/sweep";

std::string path_in(const std::string& folder, std::string_view file) { return folder + '/' + std::string(file); }

[[noreturn]] void fail(const std::string& path, int code) {
  throw UserError(path + ": cannot be written: " + std::generic_category().message(code));
}

/// The number that a row begins with.
std::optional<std::int64_t> point_of(std::string_view row) {
  std::int64_t point = 0;
  const auto [end, error] = std::from_chars(row.data(), row.data() + row.size(), point);
  if (error != std::errc{} || end == row.data() + row.size() || *end != ',') return std::nullopt;
  return point;
}

/// Rows of a results.csv one after another; a last line without its end is none.
class RowReader {
 public:
  explicit RowReader(const std::string& path) : path_(path), file_(path, std::ios::binary) {}

  /// Whether the file begins with this line.
  bool takes_header(const std::string& columns) { return next() && line_ == columns; }

  /// Goes to the next row. Throws UserError unless its point is one of the part and above those before.
  bool next_row(const SweepRecord& record) {
    if (!next()) return false;
    const std::optional<std::int64_t> point = point_of(line_);
    const std::int64_t lowest = point_ < 0 ? 0 : point_ + 1;
    if (!point || *point < lowest || *point >= record.num_points || *point % record.part.num_shards != record.part.shard - 1) {
      throw UserError(fmt::format("{}:{}: is no row of this sweep (--force makes all anew)", path_, line_number_));
    }
    point_ = *point;
    return true;
  }

  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] std::int64_t point() const { return point_; }
  /// Bytes up to the end of the last line that was read whole.
  [[nodiscard]] std::int64_t num_bytes() const { return num_bytes_; }

 private:
  bool next() {
    if (!std::getline(file_, line_) || file_.eof()) return false;
    num_bytes_ += static_cast<std::int64_t>(line_.size()) + 1;
    ++line_number_;
    return true;
  }

  std::string path_;
  std::ifstream file_;
  std::string line_;
  std::int64_t point_ = -1;
  std::int64_t num_bytes_ = 0;
  std::int64_t line_number_ = 0;
};

/// Whether they are the same but for where the file lay and how far they are.
bool are_of_one_sweep(SweepRecord a, const SweepRecord& b) {
  a.name = b.name;
  a.is_finished = b.is_finished;
  return a == b;
}

}  // namespace

std::string sweep_schema() {
  return file_schema<SweepRecord>(kSchema, "sweep.json: whose results the folder of a sweep holds");
}

SweepRecord read_sweep_record(const std::string& folder) {
  const std::string path = path_in(folder, kSweepFile);
  const Document document = parse_json(read_text_file(path), path);
  ConfigReader reader(document, path);
  static_cast<void>(read_header(reader, kSchema));
  return read_fields<SweepRecord>(reader);
}

SweepFolder::SweepFolder(std::string folder, SweepRecord record, bool starts_anew)
    : folder_(std::move(folder)), path_(path_in(folder_, kResultsFile)), record_(std::move(record)) {
  const std::string record_path = path_in(folder_, kSweepFile);
  std::error_code unknown;  // what cannot be examined fails below, with the reason
  const bool has_record = fs::exists(record_path, unknown);
  if (!has_record && fs::exists(path_, unknown)) {
    throw UserError(
        fmt::format("{}: stands there without its {}, so it is not known whose results it holds", path_, kSweepFile));
  }
  bool is_finished = false;
  if (has_record && !starts_anew) {
    const SweepRecord found = read_sweep_record(folder_);
    if (!are_of_one_sweep(found, record_)) {
      throw UserError(
          fmt::format("{}: holds another sweep, {} (or the sweep, one of its networks or chips has changed since); "
                      "choose another folder, or --force to remove its results",
                      folder_, found.name));
    }
    is_finished = found.is_finished;
  }
  if (!has_record) {
    fs::create_directories(folder_, unknown);
    write_record();
  }
  open_results();
  if (has_record && starts_anew) {
    write_record();
    if (::ftruncate(file_.get(), 0) != 0) fail(path_, errno);
  }
  find_rows();
  if (is_finished) first_missing_ = record_.num_points;
}

void SweepFolder::write_record() const {
  write_file_atomically(path_in(folder_, kSweepFile), file_text(kSchema, write_fields(record_)));
}

void SweepFolder::open_results() {
  constexpr mode_t kReadableByAll = 0644;
  file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kReadableByAll));
  if (!file_.is_open()) fail(path_, errno);
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) throw UserError(path_ + ": is being written by another process");
}

void SweepFolder::find_rows() {
  RowReader rows(path_);
  if (!rows.takes_header(record_.columns)) {
    // Nothing, or a header that was cut off.
    if (rows.num_bytes() > 0) throw UserError(path_ + ":1: has other columns than this sweep (--force makes all anew)");
    if (::ftruncate(file_.get(), 0) != 0) fail(path_, errno);
    append(record_.columns);
    return;
  }
  while (rows.next_row(record_)) ++num_rows_found_;
  first_missing_ = rows.point() + 1;
  if (::ftruncate(file_.get(), rows.num_bytes()) != 0) fail(path_, errno);
}

void SweepFolder::append(const std::string& row) {
  const std::string line = row + '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t count = ::write(file_.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

void SweepFolder::finish() {
  if (::fsync(file_.get()) != 0) fail(path_, errno);
  record_.is_finished = true;
  write_record();
}

void merge_sweeps(const std::vector<std::string>& parts, const std::string& folder) {
  if (parts.empty()) throw UserError("sweep merge: no folder is named");
  std::vector<SweepRecord> records;
  std::map<std::int64_t, std::string> folder_of_shard;
  for (const std::string& part : parts) {
    records.push_back(read_sweep_record(part));
    const SweepRecord& record = records.back();
    if (!record.is_finished) throw UserError(part + ": is not finished; run its sweep again to go on with it");
    SweepRecord as_first = record;
    as_first.part = records.front().part;
    as_first.part.num_shards = record.part.num_shards;
    if (!are_of_one_sweep(as_first, records.front()))
      throw UserError(fmt::format("{}: is no part of the same sweep as {}", part, parts.front()));
    const auto [other, is_new] = folder_of_shard.emplace(record.part.shard, part);
    if (!is_new)
      throw UserError(
          fmt::format("{}: is part {} of {}, as is {}", part, record.part.shard, record.part.num_shards, other->second));
  }
  const std::int64_t num_shards = records.front().part.num_shards;
  for (std::int64_t shard = 1; shard <= num_shards; ++shard) {
    if (!folder_of_shard.contains(shard)) throw UserError(fmt::format("part {} of {} is missing", shard, num_shards));
  }

  std::vector<RowReader> readers;
  std::multimap<std::int64_t, std::size_t> next;  // point of each reader's row
  for (std::size_t i = 0; i < parts.size(); ++i) {
    RowReader& reader = readers.emplace_back(path_in(parts[i], kResultsFile));
    if (!reader.takes_header(records[i].columns))
      throw UserError(path_in(parts[i], kResultsFile) + ": has other columns than its sweep");
    if (reader.next_row(records[i])) next.emplace(reader.point(), i);
  }
  SweepRecord whole = records.front();
  whole.part = {};
  whole.is_finished = false;
  SweepFolder merged(folder, whole, false);
  if (merged.first_missing() > 0) throw UserError(folder + ": holds results of this sweep already");
  while (!next.empty()) {
    const std::size_t i = next.begin()->second;
    next.erase(next.begin());
    merged.append(readers[i].line());
    if (readers[i].next_row(records[i])) next.emplace(readers[i].point(), i);
  }
  merged.finish();
}

}  // namespace crossloom
