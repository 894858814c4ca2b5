package org.bgppeer.store;

import java.time.Instant;

/// What happened in one step of time, of one neighbor or of all.
///
/// @param at the begin of the step
/// @param active routes held at the end of it
/// @param announced, withdrawn NLRI that came in it
public record CountPoint(Instant at, long active, long announced, long withdrawn) {}
