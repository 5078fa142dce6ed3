package dev.tidemark.local.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Three collections of 50 000 objects: a large one, one of tenants, and a small one. */
final class SampleData {
  static final String ARTICLES = "articles";
  static final String CUSTOMERS = "customers";
  static final String ALIAS = "live";
  static final String INACTIVE = "initech";
  private static final int BATCH = 500;
  private static final int CHANGED_PERCENT = 2;

  private final NodeClient client;
  private final Map<Place, Range> ranges = new LinkedHashMap<>();

  /** The numbers of a place's objects. */
  private record Range(long first, long count) {}

  SampleData(NodeClient client) {
    this.client = client;
    place(Place.of(ARTICLES), 40_000);
    place(new Place(CUSTOMERS, "acme"), 5_000);
    place(new Place(CUSTOMERS, "globex"), 3_000);
    place(new Place(CUSTOMERS, INACTIVE), 1_000);
    place(Place.of("notes"), 1_000);
  }

  private void place(Place place, long count) {
    ranges.put(place, new Range(1_000_000L * ranges.size(), count));
  }

  private Range range(Place place) {
    return Objects.requireNonNull(ranges.get(place));
  }

  List<Place> places() {
    return List.copyOf(ranges.keySet());
  }

  long total() {
    return ranges.values().stream().mapToLong(Range::count).sum();
  }

  /** The object of a place with this index. */
  SampleObject object(Place place, long index, int version) {
    return new SampleObject(range(place).first() + index, version);
  }

  long count(Place place) {
    return range(place).count();
  }

  void createCollections() {
    ObjectNode articles = collection(ARTICLES, "cosine");
    var shards = articles.putArray("shards");
    for (int i = 0; i < 4; i++) {
      shards.addObject().put("name", "s" + i).put("node", i % 2 == 0 ? "n1" : "n2");
    }
    client.createCollection(articles);
    client.createCollection(collection(CUSTOMERS, "l2").put("multiTenant", true));
    ObjectNode tenants = JsonNodeFactory.instance.objectNode().put("token", "tenants");
    var list = tenants.putArray("tenants");
    for (Place place : ranges.keySet()) {
      if (!place.tenant().isEmpty()) {
        list.addObject().put("name", place.tenant());
      }
    }
    client.createTenants(CUSTOMERS, tenants);
    client.createCollection(collection("notes", "dot").put("shardCount", 1));
    client.alias(ALIAS, ARTICLES);
  }

  private static ObjectNode collection(String name, String distance) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("token", "create-" + name)
        .put("name", name)
        .put("dimensions", SampleObject.DIMENSIONS)
        .put("distance", distance);
  }

  /** Stores every object, and then puts one tenant to sleep. */
  void load() {
    ranges.forEach((place, range) -> store(place, 0, range.count(), 1));
    client.setTenantStatus(CUSTOMERS, INACTIVE, "INACTIVE");
  }

  /** Stores new versions of objects that lie together, as an import of a source does. */
  long change() {
    long changed = 0;
    for (Place place : ranges.keySet()) {
      if (!place.tenant().equals(INACTIVE)) {
        long some = count(place) * CHANGED_PERCENT / 100;
        store(place, 0, some, 2);
        changed += some;
      }
    }
    return changed;
  }

  private void store(Place place, long from, long to, int version) {
    for (long at = from; at < to; at += BATCH) {
      List<SampleObject> batch = new ArrayList<>();
      for (long i = at; i < Math.min(to, at + BATCH); i++) {
        batch.add(object(place, i, version));
      }
      client.store(place, batch);
    }
  }
}
