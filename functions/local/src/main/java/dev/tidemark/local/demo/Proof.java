package dev.tidemark.local.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a cluster holds, looked at through its own API: counts, objects, queries, statuses. */
record Proof(Map<String, String> counts, Map<String, String> objects, Map<String, String> queries) {
  private static final int OBJECTS = 40;
  private static final int QUERIES = 5;
  private static final int K = 10;

  /** Asks for everything; wakes the inactive tenant for it, and puts it to sleep again. */
  static Proof of(NodeClient client, SampleData data) {
    Map<String, String> counts = new LinkedHashMap<>();
    Map<String, String> objects = new LinkedHashMap<>();
    Map<String, String> queries = new LinkedHashMap<>();
    counts.put(
        "tenant " + SampleData.INACTIVE,
        client.tenantStatus(SampleData.CUSTOMERS, SampleData.INACTIVE));
    client.setTenantStatus(SampleData.CUSTOMERS, SampleData.INACTIVE, "ACTIVE");
    counts.put(
        "alias " + SampleData.ALIAS, String.valueOf(client.count(Place.of(SampleData.ALIAS))));
    for (Place place : data.places()) {
      counts.put(place.toString(), String.valueOf(client.count(place)));
      for (int i = 0; i < OBJECTS; i++) {
        String id = data.object(place, i * (data.count(place) / OBJECTS), 1).id();
        objects.put(place + " " + id, client.object(place, id));
      }
      for (int i = 0; i < QUERIES; i++) {
        SampleObject query = data.object(place, 7 + i * 13L, 3);
        queries.put(place + " " + i, client.nearest(place, query, K));
      }
    }
    client.setTenantStatus(SampleData.CUSTOMERS, SampleData.INACTIVE, "INACTIVE");
    return new Proof(counts, objects, queries);
  }
}
