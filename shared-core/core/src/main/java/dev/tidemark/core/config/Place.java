package dev.tidemark.core.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a store keeps its objects, as far as its settings say: a folder by {@code path}, or what is
 * under {@code prefix} of a {@code bucket} at an {@code endpoint}. Links and a server's other names
 * are not seen through.
 *
 * @param root places with different ones have nothing in common
 * @param names one in the other, from the root
 */
record Place(String root, List<String> names) {
  /** Has nothing in common with any other. */
  static final Place NOWHERE = new Place("nowhere", List.of());

  /** Empty where the settings lack what is required, which is refused by itself. */
  static Optional<Place> of(Options store) {
    if (store.has("bucket")) {
      String endpoint = store.has("endpoint") ? store.text("endpoint") : "";
      String prefix = store.has("prefix") ? store.text("prefix") : "";
      return Optional.of(
          new Place(
              endpoint + " " + store.text("bucket"),
              prefix.isEmpty() ? List.of() : List.of(prefix.split("/", -1))));
    }
    if (!store.has("path")) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (Path name : store.path("path").normalize()) {
      names.add(name.toString());
    }
    return Optional.of(new Place("", List.copyOf(names)));
  }

  /** Whether it is, or lies in, the other. */
  boolean isIn(Place other) {
    int above = other.names.size();
    return root.equals(other.root)
        && names.size() >= above
        && names.subList(0, above).equals(other.names);
  }

  /** The names that lead to it from another that it {@link #isIn}. */
  List<String> from(Place other) {
    return names.subList(other.names.size(), names.size());
  }
}
