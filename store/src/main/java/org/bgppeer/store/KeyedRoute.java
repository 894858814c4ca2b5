package org.bgppeer.store;

import java.util.Comparator;

/// A row and its place.
record KeyedRoute(RouteKey key, RouteRow route) {
  static final Comparator<KeyedRoute> ORDER = Comparator.comparing(KeyedRoute::key, RouteKey.ORDER);
}
