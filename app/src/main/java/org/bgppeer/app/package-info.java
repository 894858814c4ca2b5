/// The program: `main`, the configuration, the commands, and the wiring of the rooms.
///
/// ```
/// ./bgp-peer ─► Main ─► picocli ─┬─ RunCommand ─► Rooms: journal, store, web, session
///                                ├─ WebCommand ─► store, web
///                                ├─ NeighborsCommand, RoutesCommand, … ─► Listing ─► stdout
///                                └─ CheckConfigCommand ─► ConfigurationReader
/// ```
///
/// Nothing is decided here that another room could decide. [Rooms] opens the rooms in the order in
/// which data flows and closes them the other way round; [JournalRecorder] is the one seam between
/// sessions and journal, which do not know each other.
///
/// A configuration is read as a tree of [Setting]s with their places, from YAML ([YamlFile]) or
/// from the options of `run` ([RunOptions]), and judged by [ConfigurationReader], which tells
/// everything that is wrong at once.
///
/// A command that lists makes [Columns] of what it shows and writes rows to a [Listing]: a table
/// for people, JSON lines or CSV for programs. Data goes to stdout and nothing else does; hints,
/// warnings and errors go to stderr. It reads the database while the collector writes it.
///
/// A [Failure] is what a user can do something about: its message is printed as it is and its exit
/// status (1, or 2 for wrong usage and configuration) is the program's. Any other exception is a
/// fault of ours and says so.
@NullMarked
package org.bgppeer.app;

import org.jspecify.annotations.NullMarked;
