/// BGP sessions: everything between a router's TCP connection and the journal.
///
/// What comes in: a [LocalConfig], [NeighborConfig]s and the octets of the routers. What goes out:
/// to the [Recorder] each message as it came, with its time, and each state change; to the routers
/// OPEN, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH and End-of-RIB. This room knows no route, and has
/// no way to send one.
///
/// ```
/// Collector ─┬─ listeners, strangers
///            └─ Neighbor ─┬─ Session (main) ────── Connection ── TCP
///                         └─ Session (second) ──── Connection ── TCP
/// ```
///
/// [Collector] owns it all. A `Neighbor` is one configured router, with its back-off, and lives on
/// one event loop; it has one `Session`, or two while two connections are open at once, until the
/// OPENs decide by BGP identifier which one stays. A `Session` feeds what happens into `Fsm`, the
/// state machine of RFC 4271 §8 as a pure function, and does what that says. A `Connection` cuts
/// the stream into messages, in place, and sees to it that a NOTIFICATION arrives before the
/// connection ends.
///
/// An UPDATE is decoded once here, to judge it (RFC 7606); only what must reset the session does.
/// The recorder has it before that. When the recorder is congested the session stops reading:
/// KEEPALIVEs go on, and the hold timer stands still, for we would not hear theirs.
///
/// Threads: at most four event loops, all else is on them. Time comes from `Timing`, so that tests
/// turn the clock. All log lines are in `SessionLog`.
@NullMarked
package org.bgppeer.session;

import org.jspecify.annotations.NullMarked;
