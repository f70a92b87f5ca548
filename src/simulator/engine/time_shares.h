#pragma once

#include <algorithm>
#include <array>

#include "support/units.h"

namespace crossloom {

/// What became of the time of something that serves windows, such as a crossbar: `busy`, or what the window that it took next
/// was waiting for, or nothing to do. The shares do not overlap and leave nothing out. T is the unit: femtoseconds or
/// nanoseconds.
template <class T>
struct TimeShares {
  T busy{};            ///< taken
  T input_data{};      ///< pixels of a producer were missing
  T input_register{};  ///< the group's registers held an earlier window
  T output_buffer{};   ///< the line buffer of a consumer was full
  T buffer_and_bus{};  ///< the memory port or bus was taken
  T fetch{};           ///< inputs were on their way from the tile memory
  T contention{};      ///< another block, copy or layer had taken what this one needs (not for a resource itself)
  T array{};           ///< converters only: the crossbar was at work, but not its busiest converter
  T idle{};  ///< before its first and after its last layer's work; digital parts, links, IO port: nothing asked for it
  friend bool operator==(const TimeShares&, const TimeShares&) = default;
};

template <class T>
inline constexpr std::array<T TimeShares<T>::*, 9> kTimeShares = {
    &TimeShares<T>::busy,          &TimeShares<T>::input_data,     &TimeShares<T>::input_register,
    &TimeShares<T>::output_buffer, &TimeShares<T>::buffer_and_bus, &TimeShares<T>::fetch,
    &TimeShares<T>::contention,    &TimeShares<T>::array,          &TimeShares<T>::idle};

/// Moments at which the current window of a group got what it waited for, each at least as late as it takes effect: a later
/// step may lie before an earlier one and then took no time of its own.
struct WindowProgress {
  TimeFs inputs_fs = 0;
  TimeFs register_fs = 0;
  TimeFs begin_fs = 0;    ///< its fetch was asked for
  TimeFs granted_fs = 0;  ///< the memory port and bus were free
  TimeFs arrived_fs = 0;  ///< its inputs were in the registers
};

/// Shares of a server's time from `begin_fs`, when the first of its layers began, to `free_fs`.
struct ServerRecord {
  TimeFs begin_fs = -1;  ///< -1 when it never served
  TimeFs free_fs = 0;
  TimeShares<TimeFs> shares;
  friend bool operator==(const ServerRecord&, const ServerRecord&) = default;

  /// Serves a window of a layer that began at `layer_start_fs`, from `start_fs` for `hold_fs`.
  void serve(TimeFs layer_start_fs, const WindowProgress& window, TimeFs start_fs, TimeFs hold_fs) {
    if (begin_fs < 0) begin_fs = free_fs = layer_start_fs;
    if (start_fs > free_fs) {
      wait(shares.input_data, window.inputs_fs);
      wait(shares.input_register, window.register_fs);
      wait(shares.output_buffer, window.begin_fs);
      wait(shares.buffer_and_bus, window.granted_fs);
      wait(shares.fetch, window.arrived_fs);
      wait(shares.contention, start_fs);
    }
    shares.busy += hold_fs;
    free_fs = start_fs + hold_fs;
  }

 private:
  void wait(TimeFs& share, TimeFs until_fs) {
    const TimeFs waited_fs = std::max<TimeFs>(0, until_fs - free_fs);
    share += waited_fs;
    free_fs += waited_fs;
  }
};

}  // namespace crossloom
