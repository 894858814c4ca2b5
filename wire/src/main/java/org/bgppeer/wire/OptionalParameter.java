package org.bgppeer.wire;

/// An optional parameter of an OPEN that is not the Capabilities one (RFC 4271 §4.2).
///
/// @param type its type code, 0..255 without 2
/// @param value its octets without type and length
public record OptionalParameter(int type, Octets value) {}
