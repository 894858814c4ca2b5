package org.bgppeer.replay;

import org.bgppeer.wire.Prefix;

/// A prefix, and which of its paths (RFC 7911); the path identifier travels only where ADD-PATH was
/// agreed.
record Nlri(Prefix prefix, long pathId) {}
