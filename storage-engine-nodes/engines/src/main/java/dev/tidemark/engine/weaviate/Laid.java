package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.TarMembers.Member;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The chunks of a native backup as tars that are read at any offset. */
record Laid(Desk desk, Inventory inventory, Names names, BooleanSupplier over) {

  private boolean compressed() {
    return !inventory.compression().equals("none");
  }

  private String chunk(Copy copy, int number) {
    return Names.chunk(inventory.id(), copy.node(), copy.collection(), number);
  }

  private String tar(Copy copy, int number) {
    return names.laid(
        names.number(inventory.id()).orElse(0),
        "%s/%s/chunk-%d".formatted(copy.node(), copy.collection(), number));
  }

  /** The tar of a chunk. */
  String key(Copy copy, int number) {
    return compressed() ? tar(copy, number) : chunk(copy, number);
  }

  /**
   * Goes on with laying a chunk out where it is compressed.
   *
   * @return whether it is
   * @throws SnapshotGone where there is no such chunk any more
   */
  boolean out(Copy copy, int number) {
    if (!compressed()) {
      return true;
    }
    return new Inflation(desk, inventory.compression(), over)
        .laid(chunk(copy, number), tar(copy, number));
  }

  /** What is in a chunk that is laid out. */
  List<Member> members(Copy copy, int number) {
    String key = key(copy, number);
    StagedObject object =
        desk.area()
            .head(key)
            .orElseThrow(
                () ->
                    new SnapshotGone(
                        "no object %s in %s".formatted(key, desk.area().description())));
    return TarMembers.read(desk.area(), key, object.size());
  }

  /** All objects that a chunk is in. */
  List<String> keys(Copy copy, int number) {
    return compressed()
        ? List.of(chunk(copy, number), tar(copy, number))
        : List.of(chunk(copy, number));
  }
}
