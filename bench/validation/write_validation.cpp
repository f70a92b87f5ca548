#include <exception>
#include <iostream>

#include "bench/validation/published_points.h"
#include "support/atomic_file.h"

/// write_validation FILE: writes the page of published figures beside computed ones.
int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::cerr << "usage: write_validation FILE\n";
      return 2;
    }
    crossloom::write_file_atomically(argv[1], crossloom::validation_markdown());
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
