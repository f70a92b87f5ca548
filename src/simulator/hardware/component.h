#pragma once

#include "support/fields.h"

namespace crossloom {

/// What one instance of a hardware component costs.
struct ComponentCost {
  double energy_pj = 0.0;        ///< dynamic energy of one event; which event is said where the cost is used
  double active_power_mw = 0.0;  ///< published power at full activity: only for the peak power table and its check
  double static_power_mw = 0.0;  ///< drawn all the time, busy or not
  double area_um2 = 0.0;
  friend bool operator==(const ComponentCost&, const ComponentCost&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, ComponentCost>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"energy_pj", "dynamic energy of one event", NumberRange{0.0, 1e9}}, self.energy_pj);
  visit(Field{"active_power_mw", "published power at full activity (peak power table only)", NumberRange{0.0, 1e9}},
        self.active_power_mw);
  visit(Field{"static_power_mw", "power drawn all the time, busy or not", NumberRange{0.0, 1e9}}, self.static_power_mw);
  visit(Field{"area_um2", "area of one instance", NumberRange{0.0, 1e12}}, self.area_um2);
}

}  // namespace crossloom
