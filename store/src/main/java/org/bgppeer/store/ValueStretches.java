package org.bgppeer.store;

/// In which stretches of a table a value is: all that is known of it, or a part.
///
/// @param value of [RouteValues]
record ValueStretches(String value, NumberSet stretches) {}
