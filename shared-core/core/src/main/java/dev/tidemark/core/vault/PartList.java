package dev.tidemark.core.vault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a unit in order: inline, or by the name of a list object where they would be more
 * than 16 KiB.
 *
 * @param inline empty where there is a list object
 */
public record PartList(List<PartRef> inline, @Nullable ListRef object) {
  public static final PartList EMPTY = new PartList(List.of(), null);

  /**
   * A list object.
   *
   * @param name {@code writer.epoch.n.list}, under the unit's folder in {@code parts/}
   * @param sha256 of its whole plaintext, hex
   * @param parts how many parts it lists
   */
  public record ListRef(String name, String sha256, int parts) {}

  public int size() {
    return object == null ? inline.size() : object.parts();
  }
}
