#include <array>

#include "cli/command.h"

namespace crossloom {

std::span<const Command> commands() {
  static constexpr std::array<Command, 16> kCommands = {{
      {"models", "list the built-in networks", define_models},
      {"chips", "list the built-in chips, or show every value of one", define_chips},
      {"inspect", "show the layers of a network: shapes, parameters, MACs, weight matrices", define_inspect},
      {"export", "write a network as an ONNX file", define_export},
      {"compile", "map a network onto a chip: tile map and placed program", define_compile},
      {"simulate", "run a compiled network cycle by cycle", define_simulate},
      {"run", "compile, then simulate", define_run},
      {"accuracy", "run images through a network on its chip: quantization, converters, device noise", define_accuracy},
      {"train", "train a network with LibTorch: weights for accuracy and compile, as ONNX", define_train},
      {"mvm", "multiply one matrix with input vectors in an analog array, with device noise", define_mvm},
      {"sweep", "score a network on many chips, budgets and options: a row each", define_sweep},
      {"nas", "search for networks that are good on a chip and fit its crossbars", define_nas},
      {"report", "draw a run: one page with every figure, or one figure as SVG", define_report},
      {"compare", "runs side by side, and what explains their differences", define_compare},
      {"verify", "check the files of a compiled network independently of the compiler", define_verify},
      {"docs", "print generated references: keys of a chip, statistics, file schemas", define_docs},
  }};
  return kCommands;
}

}  // namespace crossloom
