package org.bgppeer.session;

import org.bgppeer.wire.Negotiated;

/// Where a session stands (RFC 4271 §8.2.2); each state holds what is known by then, no more.
public sealed interface State {
  /// Its number in an MRT state change (RFC 6396 §4.4.1): 1 Idle … 6 Established.
  int number();

  /// Its name as RFC 4271 spells it, for instance `OpenSent`.
  String label();

  /// Nothing is tried, calls are refused.
  record Idle() implements State {
    @Override
    public int number() {
      return 1;
    }

    @Override
    public String label() {
      return "Idle";
    }
  }

  /// We dial.
  record Connect() implements State {
    @Override
    public int number() {
      return 2;
    }

    @Override
    public String label() {
      return "Connect";
    }
  }

  /// We wait for their call, and until it is time to dial again.
  record Active() implements State {
    @Override
    public int number() {
      return 3;
    }

    @Override
    public String label() {
      return "Active";
    }
  }

  /// Connected; our OPEN is out, theirs is awaited.
  record OpenSent() implements State {
    @Override
    public int number() {
      return 4;
    }

    @Override
    public String label() {
      return "OpenSent";
    }
  }

  /// Both OPENs agree; their KEEPALIVE is awaited.
  record OpenConfirm(Negotiated negotiated) implements State {
    @Override
    public int number() {
      return 5;
    }

    @Override
    public String label() {
      return "OpenConfirm";
    }
  }

  /// The session is up.
  record Established(Negotiated negotiated) implements State {
    @Override
    public int number() {
      return 6;
    }

    @Override
    public String label() {
      return "Established";
    }
  }
}
