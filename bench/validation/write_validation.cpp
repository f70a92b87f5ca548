#include <exception>
#include <iostream>
#include <string_view>

#include "bench/validation/published_points.h"
#include "support/atomic_file.h"

/// write_validation FILE: writes the page of published figures beside computed ones; a FILE.csv gets them as a table.
int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::cerr << "usage: write_validation FILE\n";
      return 2;
    }
    const bool is_table = std::string_view(argv[1]).ends_with(".csv");
    crossloom::write_file_atomically(argv[1], is_table ? crossloom::published_points_csv() : crossloom::validation_markdown());
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
