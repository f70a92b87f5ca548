#pragma once

#include "simulator/device/array_config.h"
#include "support/fields.h"

/// One record a key of an array file: name, meaning, bounds.
namespace crossloom {

namespace array_bounds {
inline constexpr NumberRange kSiemens{0.0, 1.0};
inline constexpr NumberRange kOhm{0.0, 1e9};
inline constexpr NumberRange kSigma{0.0, 10.0};
inline constexpr NumberRange kPositive{1e-300, 1e300};
}  // namespace array_bounds

template <class Self, class Visitor>
requires SameStruct<Self, ArrayCell>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"g_min_siemens", "lowest conductance", array_bounds::kSiemens}, self.g_min_siemens);
  visit(Field{"g_max_siemens", "highest conductance", NumberRange{1e-15, 1.0}}, self.g_max_siemens);
  visit(Field{"num_levels", "equally spaced conductances a cell can be set to; 0: any", IntegerRange{0, 65'536}},
        self.num_levels);
  visit(Field{"read_voltage_volt", "largest voltage of an input line", NumberRange{1e-6, 10.0}}, self.read_voltage_volt);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayWeights>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"weight_max", "the weight that g_max stands for; larger ones are clipped", array_bounds::kPositive},
        self.weight_max);
  visit(Field{"polarity", "how a signed weight lies in cells"}, self.polarity);
  visit(Field{"pair_subtraction", "where a differential pair is subtracted: before or after the converter"},
        self.pair_subtraction);
  visit(Field{"offset_gain", "gain of the offset mapping without slices"}, self.offset_gain);
  visit(Field{"target_precision", "arithmetic of a target conductance"}, self.target_precision);
  visit(Field{"num_slices", "cells that share the bits of a weight; 1: no slices", IntegerRange{1, 16}}, self.num_slices);
  visit(Field{"weight_bits", "bits of a sliced weight, sign included", IntegerRange{1, 16}}, self.weight_bits);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayInputs>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"input_max", "the input that the read voltage stands for; larger ones are clipped", array_bounds::kPositive},
        self.input_max);
  visit(Field{"encoding", "whether inputs have a sign"}, self.encoding);
  visit(Field{"bits", "resolution of an input, sign included; 0: analog", IntegerRange{0, 24}}, self.bits);
  visit(Field{"bits_per_phase", "input bits driven at once, least significant first; 0: all", IntegerRange{0, 24}},
        self.bits_per_phase);
}

template <class Self, class Visitor>
requires SameStruct<Self, CurrentRange>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"low", "lowest current, in units of g_max x read voltage"}, self.low);
  visit(Field{"high", "highest current"}, self.high);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayAdc>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"model", "converter"}, self.model);
  visit(Field{"bits", "resolution", IntegerRange{1, 24}}, self.bits);
  visit(Field{"every_phase", "convert after each phase, or once after the phases were added in analog"}, self.every_phase);
  visit(Field{"range", "range of currents: as given, the largest that can flow, or calibrated on data"}, self.range);
  visit(Field{"fixed_ranges", "one for all slices or one a slice; a list of low and high"}, self.fixed_ranges);
  visit(Field{"coverage_fraction", "share of the calibration's currents that a calibrated range holds", NumberRange{0.0, 1.0}},
        self.coverage_fraction);
  visit(Field{"mismatch_sigma_fraction", "device-to-device: of a unit capacitor (sar) or a step (ramp), a fraction of it",
              NumberRange{0.0, 1.0}},
        self.mismatch_sigma_fraction);
  visit(Field{"offset_sigma_lsb", "device-to-device: input offset in steps", NumberRange{0.0, 1e6}}, self.offset_sigma_lsb);
  visit(Field{"gain_sigma_fraction", "device-to-device: gain error", NumberRange{0.0, 1.0}}, self.gain_sigma_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayWires>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"row_ohm", "input line, a cell", array_bounds::kOhm}, self.row_ohm);
  visit(Field{"col_ohm", "output line, a cell", array_bounds::kOhm}, self.col_ohm);
  visit(Field{"row_terminal_ohm", "between driver and input line", array_bounds::kOhm}, self.row_terminal_ohm);
  visit(Field{"col_terminal_ohm", "between output line and virtual ground", array_bounds::kOhm}, self.col_terminal_ohm);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayIv>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"model", "current-voltage curve of a cell"}, self.model);
  visit(Field{"coefficient", "cubic: a in 1/V^2; sinh: k in 1/V", NumberRange{0.0, 1e3}}, self.coefficient);
}

template <class Self, class Visitor>
requires SameStruct<Self, ArrayGrid>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"max_rows", "input lines of an array; 0: as many as there are", IntegerRange{0, 65'536}}, self.max_rows);
  visit(Field{"max_cols", "output lines of an array; 0: as many as there are", IntegerRange{0, 65'536}}, self.max_cols);
}

}  // namespace crossloom
