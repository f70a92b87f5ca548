#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/fields.h"
#include "support/file_descriptor.h"

namespace crossloom {

inline constexpr std::string_view kSweepFile = "sweep.json";
inline constexpr std::string_view kResultsFile = "results.csv";

/// Every num_shards-th point, beginning with number shard - 1.
struct Shard {
  std::int64_t shard = 1;  ///< 1 to num_shards
  std::int64_t num_shards = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, Shard>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"shard", "number of this part", IntegerRange{1}}, self.shard);
  visit(Field{"num_shards", "parts of the sweep", IntegerRange{1}}, self.num_shards);
}

/// sweep.json: whose results a folder holds.
struct SweepRecord {
  std::string name;             ///< the sweep's file
  std::string content_hash;     ///< SweepInputs::content_hash_of_all
  std::int64_t num_points = 0;  ///< before filters
  Shard part;
  std::string columns;       ///< header line of results.csv
  bool is_finished = false;  ///< results.csv has every point that has a row
  friend bool operator==(const SweepRecord&, const SweepRecord&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, SweepRecord>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"name", "file of the sweep"}, self.name);
  visit(Field{"content_hash", "of the file, its networks and chips"}, self.content_hash);
  visit(Field{"num_points", "before filters", IntegerRange{0}}, self.num_points);
  visit(Field{"part", "points of this folder"}, self.part);
  visit(Field{"columns", "header of results.csv"}, self.columns);
  visit(Field{"is_finished", "results.csv is whole"}, self.is_finished);
}

/// results.csv of a folder, a row a point in ascending order. Each row is written at once, so that a process that is killed
/// leaves at most the last one torn.
class SweepFolder {
 public:
  /// Begins the folder (created when missing), or goes on with it: a torn last row is cut off. With `starts_anew` earlier
  /// results of any sweep are removed. Throws UserError: files of another sweep, results without their sweep.json, a row that
  /// is no point of the sweep, a folder that cannot be written or is being written by another process. Then nothing was
  /// changed.
  SweepFolder(std::string folder, SweepRecord record, bool starts_anew);

  /// The first point that is still to do; the end of the sweep when it is finished.
  [[nodiscard]] std::int64_t first_missing() const { return first_missing_; }
  /// Rows that were there.
  [[nodiscard]] std::int64_t num_rows_found() const { return num_rows_found_; }

  /// Adds a line, without its end; it begins with the number of its point. Throws UserError when it cannot be written.
  void append(const std::string& row);
  /// Flushes to the disk and notes that every point has been done.
  void finish();

 private:
  void open_results();
  void find_rows();
  void write_record() const;

  std::string folder_;
  std::string path_;  ///< of results.csv
  SweepRecord record_;
  FileDescriptor file_;
  std::int64_t first_missing_ = 0;
  std::int64_t num_rows_found_ = 0;
};

/// The record of a folder. Throws UserError when there is none or it cannot be read.
[[nodiscard]] SweepRecord read_sweep_record(const std::string& folder);

/// JSON Schema of sweep.json (docs/schema).
[[nodiscard]] std::string sweep_schema();

/// Puts the parts of one sweep together in `folder`, byte for byte what one run would have written. Throws UserError: parts of
/// different sweeps, one missing or named twice, one that is not finished, a folder that holds another sweep.
void merge_sweeps(const std::vector<std::string>& parts, const std::string& folder);

}  // namespace crossloom
