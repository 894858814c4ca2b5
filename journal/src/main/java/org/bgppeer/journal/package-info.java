/// The journal: what the sessions received and sent, as it came, in append-only files of MRT
/// records. It is the truth; database and live feeds are made from it and can be made again.
///
/// In come whole MRT records ([Journal#append]), from any thread, in the order in which they shall
/// stand in the files. They are copied into memory, a thread writes them as soon as the last write
/// is done, and another fsyncs in groups. So a session never waits for a disk: if the disk is full
/// or slow, records are kept up to a limit, and from half of it on [Journal#congested] tells the
/// sessions to stop reading.
///
/// Out go the same records ([JournalReader]), to as many followers as there are, each at its own
/// pace and from its own [Position], which it stores with what it made of them. In the process of
/// the journal a reader is woken by the writer; elsewhere it looks every 50 ms. It need not know
/// which segment is being written, finished, compressed or about to be.
///
/// ```
/// <dir>/lock                               who holds the directory: one collector at a time
/// <dir>/2026.11/updates.20261123.2330.gz   finished; gzip that can be entered in the middle
/// <dir>/2026.11/updates.20261123.2335      being written
/// ```
///
/// A segment is a slot of time, named as RIPE RIS names its files; it is begun by the first record
/// of its slot and begins by naming the sessions that are up ([OpenSessions]), so that it can be
/// understood alone. Names only ever increase, also where the clock does not.
///
/// After a crash [Recovery] cuts what is not a whole record, and the sessions that were up get the
/// state change that the crash kept from them. Of what is in a record this room reads its header
/// and, of state changes, whose state it is: it decodes no messages.
@NullMarked
package org.bgppeer.journal;

import org.jspecify.annotations.NullMarked;
