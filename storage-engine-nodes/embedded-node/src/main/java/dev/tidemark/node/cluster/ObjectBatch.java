package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.storage.StoredObject;
import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** Objects to be stored. */
@Introspected
public record ObjectBatch(List<StoredObject> objects) {
  public static final int MAX_OBJECTS = 1000;

  public void check() {
    if (objects == null
        || objects.isEmpty()
        || objects.size() > MAX_OBJECTS
        || objects.contains(null)) {
      throw NodeFailure.invalid(
          "objects of a batch",
          "1 to " + MAX_OBJECTS + " objects",
          objects == null ? "none" : objects.contains(null) ? "null" : objects.size());
    }
  }
}
