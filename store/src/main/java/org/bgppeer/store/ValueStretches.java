package org.bgppeer.store;

/// In which stretches of a table a value is: a row of `value_stretch`, or a part of one.
///
/// @param value of [RouteValues]
record ValueStretches(String value, Stretches stretches) {}
