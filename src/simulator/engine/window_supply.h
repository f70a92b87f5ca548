#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/engine/event_queue.h"
#include "simulator/engine/inbox.h"
#include "simulator/engine/line_buffers.h"
#include "simulator/engine/run_observer.h"
#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"

namespace crossloom {

/// Decides when each group may begin its next window: its inputs have been sent, a register is free and its result has room
/// (docs/model.md, "When a window may start"). Windows of all images are numbered through: image * windows of the copy + window
/// of the copy.
class WindowSupply {
 public:
  /// All must outlive this. Fetches are scheduled in `queue`, waits added to `record`.
  WindowSupply(const RunPlan& plan, std::int64_t batch, EventQueue& queue, RunRecord& record);

  /// The group turns to its next window: when every pixel it needs has been sent, its fetch is scheduled; else it waits for the
  /// first one that has not.
  void look_for_inputs(std::uint32_t group, TimeFs now_fs);
  /// A row of an image is in at `end_fs`: the next one follows when every tile that needs it has room.
  void finish_row(std::uint32_t group, std::int64_t row, TimeFs end_fs, TimeFs now_fs);
  /// With a global buffer: the next row of an image is in it. It leaves when every tile that needs it has room.
  void store_row(std::uint32_t group, TimeFs now_fs);
  /// The group is through with its inputs of `window`.
  void finish_window(std::uint32_t group, std::int64_t window, TimeFs now_fs);
  /// The registers of the window just begun are free from `release_fs`; the fetch after next waits for that, or the next one
  /// when there is no second buffer.
  void release_registers(std::uint32_t group, TimeFs release_fs);

  /// A chunk is at an inbox from `arrival_fs` on; groups that waited for it are noted until `wake`.
  void send(std::uint32_t inbox, std::int64_t image, std::int64_t chunk, TimeFs arrival_fs) {
    inboxes_[inbox].send(image, chunk, arrival_fs, woken_);
  }
  /// The groups that waited for chunks sent since the last call look again.
  void wake(TimeFs now_fs);

  /// Of the window between looking for inputs and activation.
  [[nodiscard]] WindowProgress& progress(std::uint32_t group) { return groups_[group].progress; }
  /// Of the window that is fetched: the input that arrived last.
  [[nodiscard]] const ChunkId& last_input(std::uint32_t group) const { return groups_[group].last_input; }

  [[nodiscard]] double fraction_done() const;
  /// Throws DoesNotFitError when full line buffers have stopped the program with windows left.
  void require_all_done() const;

 private:
  /// What changes while a group runs.
  struct GroupState {
    std::int64_t next_window = 0;
    std::int64_t image = 0;           ///< of the next window
    std::int64_t first_of_image = 0;  ///< first window of that image
    std::int64_t row = 0;             ///< of the next window's output pixel
    std::int64_t col = 0;
    TimeFs idle_since_fs = 0;                  ///< when it began to look for the next window's inputs
    std::array<TimeFs, 2> register_free_fs{};  ///< release times of the last two windows' registers
    ChunkId last_input = {};                   ///< of the next window, the input that arrives last
    WindowProgress progress;
  };

  void schedule_fetch_or_wait(std::uint32_t group, TimeFs now_fs);
  void schedule_fetch(std::uint32_t group, TimeFs inputs_fs, TimeFs now_fs);
  /// Moves a group's state on to its next window.
  void advance(std::uint32_t group);
  void ask_for_row(std::uint32_t group, TimeFs now_fs);
  void load_rows(std::uint32_t group, TimeFs now_fs);
  [[nodiscard]] bool must_wait_for_room(std::uint32_t group, std::int64_t window);
  void free_room(std::uint32_t group, std::int64_t next_window, TimeFs now_fs);
  [[nodiscard]] bool is_input(std::uint32_t group) const {
    return plan_.operations[plan_.groups[group].operation].kind == OperationKind::kInput;
  }
  [[nodiscard]] std::int64_t num_windows(std::uint32_t group) const {
    return batch_ * plan_.copies[plan_.groups[group].copy].num_windows;
  }

  /// How far the output pixels of a group's windows lie apart, in whole rows and columns, and where they begin.
  struct WindowSteps {
    std::int64_t num_windows = 0;  ///< an image
    std::int64_t first_row = 0;
    std::int64_t first_col = 0;
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    std::int64_t width = 1;
  };

  const RunPlan& plan_;
  std::int64_t batch_;
  EventQueue& queue_;
  RunRecord& record_;
  std::vector<WindowSteps> steps_;  ///< by group
  std::vector<GroupState> groups_;
  std::vector<Inbox> inboxes_;
  std::vector<std::uint32_t> woken_;
  std::optional<LineBuffers> line_buffers_;                   ///< none when no buffer has a bound
  std::vector<std::vector<std::uint32_t>> waiting_for_room_;  ///< groups, by inbox
  std::int64_t num_rows_stored_ = 0;                          ///< in the global buffer, those that have left it included
  std::vector<std::uint32_t> opened_;
  std::vector<std::uint32_t> retrying_;
};

}  // namespace crossloom
