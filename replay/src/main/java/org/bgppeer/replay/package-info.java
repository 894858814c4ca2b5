/// The router simulator: real BGP over real TCP, for demos, tests and benchmarks.
///
/// ```
///  demo-table.txt.gz ──► RouteTable ◄── Churn            MRT file
///                           │                                │
///                       TableFeed                        FileFeed
///                           └────────────► Feed ◄────────────┘
///                                           │ UPDATEs
///  Router ── a socket ──► Speaker ◄─────────┘
///    ▲                       │
///    └── the session ended ──┘
/// ```
///
/// A [Router][org.bgppeer.replay.Router] connects or listens, and gives each connection to a
/// `Speaker`, which sees one session through: OPEN, KEEPALIVE, hold timer, NOTIFICATION,
/// ROUTE-REFRESH. What there is to announce comes from a `Feed`: either a simulated table or the
/// UPDATEs of an MRT file. The table is real prefixes with their real origins, seen through a
/// made-up `Topology` from a `Vantage`; three routers with three AS numbers see the same Internet
/// in three ways. `Churn` changes it, step by step, and the same for the same seed. `SessionLoss`
/// has the ways to lose a session on purpose.
///
/// This is the only room of the project that can announce a route (`UpdateEncoder`), and it runs as
/// a process of its own. No room of the collector depends on it; `app` starts
/// [Router][org.bgppeer.replay.Router] by its name and tells it everything on the command line. So
/// a collector process holds no code that could announce anything, and a test of `app` reads that
/// off the compiled classes.
///
/// Sockets are blocking and each session has two threads: a simulated router has one session, and
/// nothing is gained by more machinery. On purpose it is a better neighbor than most: it sends
/// End-of-RIB always, and answers a refresh with BoRR and EoRR where that was agreed.
@NullMarked
package org.bgppeer.replay;

import org.jspecify.annotations.NullMarked;
