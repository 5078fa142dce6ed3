package dev.tidemark.engine.weaviate;

/** What a tenant is; older servers say HOT, COLD, FROZEN. */
enum TenantStatus {
  ACTIVE,
  INACTIVE,
  /** Its files are in another store, or on their way there or back. */
  OFFLOADED;

  static TenantStatus of(String word) {
    return switch (word) {
      case "ACTIVE", "HOT", "" -> ACTIVE;
      case "INACTIVE", "COLD" -> INACTIVE;
      default -> OFFLOADED;
    };
  }

  /** The word that servers of all ages take. */
  String word() {
    return switch (this) {
      case ACTIVE -> "HOT";
      case INACTIVE -> "COLD";
      case OFFLOADED -> "FROZEN";
    };
  }
}
