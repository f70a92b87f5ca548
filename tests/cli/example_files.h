#pragma once

#include <string>

namespace crossloom {

/// A network of two convolutions and a linear layer on a 2x6x6 image, 2 + 2 + 1 crossbars of 128x128 at most.
inline const std::string kTinyNetwork =
    "name: tiny\n"
    "source: made up for tests\n"
    "input: {shape: [2, 6, 6], signed: true}\n"
    "expected: {parameters: 482, macs: 6240}\n"
    "layers:\n"
    "  - {name: first, type: convolution, channels: 4, kernel: 3, padding: 1, bias: false, activation: relu}\n"
    "  - {name: second, type: convolution, channels: 6, kernel: 3, bias: false, activation: relu}\n"
    "  - {name: classes, type: linear, channels: 2, bias: true}\n";

/// `text` with the first `from` replaced by `to`; fails loudly when it is not there.
[[nodiscard]] std::string replaced(std::string text, const std::string& from, const std::string& to);

/// Text of the preset rnc-mnsim-128 with one passage replaced.
[[nodiscard]] std::string chip_with(const std::string& from, const std::string& to);

/// Text of a file; a test's own reading of what the program wrote.
[[nodiscard]] std::string text_of(const std::string& path);

}  // namespace crossloom
