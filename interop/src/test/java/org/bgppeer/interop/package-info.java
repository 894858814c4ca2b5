/// The collector against routers that others wrote: BIRD, FRR, GoBGP, OpenBGPD, ExaBGP, as Debian
/// has them.
///
/// ```
/// router (its own program)  ◄── TCP, loopback ──►  ./bgp-peer run (its own process)
///    ▲ configuration, its CLI                          │ SQLite
///    └────────────────── RouterTest ───────────────────┘
/// ```
///
/// [RouterTest] is what is asked of each of them; a class per router runs it. [Router] is how one
/// is started, told what to announce, and asked what it got from us; what a router cannot do it
/// says itself ([Router#lacking]), and that test is skipped for it, as all are where its program is
/// missing. Everything runs in the foreground, on addresses of 127.0.0.0/8 that nobody else uses
/// and on `::1`, in a directory of its own, and ends with the test.
///
/// What is true only a moment later is waited for ([Eventually]), never slept for.
/// `docs/interop.md`
/// has the matrix of routers and features, and [MatrixTest] keeps it true.
@NullMarked
package org.bgppeer.interop;

import org.jspecify.annotations.NullMarked;
