/// Octets to messages and back: the language of BGP, and the records that the journal is made of.
///
/// What comes in is an array with a part of it; what goes out is a value, or an error that has the
/// NOTIFICATION to answer it with. Nothing here reads a socket, a file or a clock, logs, starts a
/// thread or keeps state between calls: the same octets give the same answer, today in the session
/// and next year when the journal is read again.
///
/// - [org.bgppeer.wire.Framing] checks the header, [org.bgppeer.wire.Message] reads what follows
/// it.
/// - [org.bgppeer.wire.Open] and [org.bgppeer.wire.Capability] say what a neighbor can do;
///   [org.bgppeer.wire.Negotiated] is what two of them agree on, and makes the
///   [org.bgppeer.wire.DecodeContext] without which an UPDATE cannot be read.
/// - [org.bgppeer.wire.Update] is read in one pass without an object per route:
///   [org.bgppeer.wire.NlriBlock] and [org.bgppeer.wire.PrefixCursor] walk the routes where they
///   stand, `attributeSet` copies the attributes as one run of octets, equal for equal attributes,
///   which [org.bgppeer.wire.AttributeSet] turns into text. What is wrong is a
///   [org.bgppeer.wire.Finding] beside what could be read, and RFC 7606 says what it costs.
/// - Each path attribute is a record in a file of its own. The registries
///   ([org.bgppeer.wire.AttributeType], [org.bgppeer.wire.CapabilityCode] and so on) are open: a
///   code without a row keeps its number and its octets.
/// - [org.bgppeer.wire.Mrt] writes and [org.bgppeer.wire.MrtRecord] reads MRT (RFC 6396): a message
///   or a state change with its time and the two ends of its session.
/// - [org.bgppeer.wire.SessionWords] says in words why a session ended.
///
/// The collector only listens: OPEN, NOTIFICATION, KEEPALIVE and ROUTE-REFRESH can be written, an
/// UPDATE cannot.
@NullMarked
package org.bgppeer.wire;

import org.jspecify.annotations.NullMarked;
