package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether a collection has tenants. */
final class Tenancy {
  private Tenancy() {}

  /**
   * @param definition as the schema has it
   */
  static boolean of(JsonNode definition) {
    return definition.path("multiTenancyConfig").path("enabled").asBoolean(false);
  }
}
