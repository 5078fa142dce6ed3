package dev.tidemark.store.s3;

import dev.tidemark.core.config.Nearest;
import java.util.List;
import java.util.Set;

/** The storage classes whose objects can be read at once, which a backup needs of its base. */
final class StorageClasses {
  private static final List<String> READABLE =
      List.of(
          "STANDARD",
          "STANDARD_IA",
          "ONEZONE_IA",
          "INTELLIGENT_TIERING",
          "GLACIER_IR",
          "REDUCED_REDUNDANCY");
  private static final Set<String> ARCHIVED = Set.of("GLACIER", "DEEP_ARCHIVE");

  static final String EXPECTED = "one of " + String.join(", ", READABLE);

  private StorageClasses() {}

  static String checked(String name) {
    if (ARCHIVED.contains(name)) {
      throw new IllegalArgumentException(
          "archived objects cannot be read at once, which the next backup needs: GLACIER_IR can");
    }
    if (!READABLE.contains(name)) {
      throw new IllegalArgumentException(Nearest.hint(name, READABLE));
    }
    return name;
  }
}
