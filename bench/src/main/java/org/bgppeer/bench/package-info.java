/// Measurements, run by hand: how fast the collector is and what it needs. docs/performance.md has
/// what they said and the commands.
///
/// [org.bgppeer.bench.TableLoad] starts a collector as a user does, opens sessions to it
/// ([org.bgppeer.bench.Blaster]) and sends whole tables, its own
/// ([org.bgppeer.bench.SyntheticTable]) or those of a file, as fast as the collector takes them.
/// What is measured is what a reader of the database sees.
///
/// [org.bgppeer.bench.ManySessions] does so with thousands of neighbors, which one process plays
/// ([org.bgppeer.bench.Crowd]), and sees how they and the collector fare.
///
/// Everything that is sent is made before the first session is up, so the sender costs next to
/// nothing while the clock runs.
@NullMarked
package org.bgppeer.bench;

import org.jspecify.annotations.NullMarked;
