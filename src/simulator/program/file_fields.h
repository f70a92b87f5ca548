#pragma once

#include "simulator/hardware/chip_fields.h"
#include "simulator/program/placed_program.h"
#include "simulator/program/tile_map.h"

/// The sections of tilemap.json and program.json, behind the three members of the header (file_header.h).
namespace crossloom {

/// What both files begin with.
template <class Self, class Visitor>
void visit_compilation(Self& self, Visitor& visit) {
  visit(Field{"network", "network"}, self.network);
  visit(Field{"seed", "seed of the compilation"}, self.seed);
  visit(Field{"crossbar_budget", "crossbars the compiler was allowed", program_limits::kIndex}, self.crossbar_budget);
  visit(Field{"crossbar_lower_bound", "area of all blocks over the area of a crossbar, rounded up", program_limits::kIndex},
        self.crossbar_lower_bound);
  visit(Field{"chip", "resolved chip"}, self.chip);
}

template <class Self, class Visitor>
requires SameStruct<Self, TileMap>
void visit_fields(Self& self, Visitor&& visit) {
  visit_compilation(self, visit);
  visit(Field{"matrices", "weight matrices of the mapped layers"}, self.matrices);
  visit(Field{"num_copies", "copies of each matrix", program_limits::kSize}, self.num_copies);
  visit(Field{"crossbars", "used crossbars, by number"}, self.crossbars);
}

template <class Self, class Visitor>
requires SameStruct<Self, PlacedProgram>
void visit_fields(Self& self, Visitor&& visit) {
  visit_compilation(self, visit);
  visit(Field{"operations", "graph of operations, in topological order"}, self.operations);
}

}  // namespace crossloom
