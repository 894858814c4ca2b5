package org.bgppeer.web;

/// All pages: who answers which address stands in the class of each.
final class Pages {
  private Pages() {}

  static void addTo(Site site) {
    var busiest = new Busiest();
    new DashboardPage(site, busiest);
    new NeighborsPage(site);
    new NeighborPage(site);
    new KeysPage(site);
    new PrefixesPage(site, busiest);
    new PrefixPage(site);
    new AsPage(site);
    new ComparePage(site);
    new RoutesWithPage(site);
    new SearchPage(site);
    new PacketsPage(site);
    new PacketPage(site);
    new DecodePage(site);
    new LivePage(site);
    new Api(site);
  }
}
