#include <exception>
#include <iostream>
#include <string>

#include "simulator/metrics/file_schemas.h"
#include "simulator/metrics/metrics_reference.h"
#include "support/atomic_file.h"

/// write_references DOCS: writes the pages that are generated from the fields of structs.
int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::cerr << "usage: write_references DOCS\n";
      return 2;
    }
    const std::string docs = argv[1];
    crossloom::write_file_atomically(docs + "/schema/tilemap.schema.json", crossloom::tile_map_schema());
    crossloom::write_file_atomically(docs + "/schema/program.schema.json", crossloom::program_schema());
    crossloom::write_file_atomically(docs + "/schema/metrics.schema.json", crossloom::metrics_schema());
    crossloom::write_file_atomically(docs + "/schema/estimate.schema.json", crossloom::estimate_schema());
    crossloom::write_file_atomically(docs + "/schema/activity.schema.json", crossloom::activity_schema());
    crossloom::write_file_atomically(docs + "/metrics.md", crossloom::metrics_reference_markdown());
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
