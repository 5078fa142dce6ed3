package dev.tidemark.node.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.storage.StoredObject;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some objects in the order of their ids.
 *
 * @param next after which the next page begins; null on the last page
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ObjectPage(List<StoredObject> objects, @Nullable String next) {
  public static ObjectPage of(List<StoredObject> objects, int limit) {
    return new ObjectPage(
        objects, objects.size() < limit ? null : objects.get(objects.size() - 1).id());
  }
}
