#pragma once

#include <string>
#include <vector>

#include "tests/accuracy/example_networks.h"
#include "tests/cli/crossloom_process.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {

/// IDX file of these extents (LeCun, Cortes, Burges, 1998): magic, extents of four bytes, values.
[[nodiscard]] std::string idx_file(const std::vector<int>& extents, const std::string& values);

/// A folder with what `crossloom accuracy` needs: net.onnx, a convolution and a linear layer with random weights on a 1x4x4
/// image with 2 classes; images/ with 6 training and 5 test images in IDX.
class AccuracyExample {
 public:
  AccuracyExample();

  [[nodiscard]] const ScratchFolder& scratch() const { return scratch_; }
  [[nodiscard]] std::string path(const std::string& name) const { return scratch_.path(name); }
  [[nodiscard]] const Network& network() const { return source_.network; }
  /// Writes net.onnx anew with these weights in the linear layer.
  void write_network(const std::vector<double>& classifier_weights) const;

  /// `crossloom accuracy net.onnx --chip rnc-mnsim-128 --data images` and further options, in the folder; options may name
  /// another chip.
  [[nodiscard]] ProcessResult run(const std::vector<std::string>& options = {}) const;
  /// `crossloom ARGUMENTS` in the folder.
  [[nodiscard]] ProcessResult crossloom(const std::vector<std::string>& arguments) const;

 private:
  ScratchFolder scratch_;
  ExampleNetwork source_;
};

}  // namespace crossloom
