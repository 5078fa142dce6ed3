package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Activates inactive tenants for as long as a native backup is made, on servers that would leave
 * them out. Which ones is written down before the first is activated, and they are put back by that
 * list, whoever finds it: a tenant that its user activated in the meantime is put back too.
 */
record Activation(Weaviate server, Desk desk, Names names) {
  private static final String NOTE = "activated";

  void activate(List<String> collections) {
    String key = names.note(NOTE);
    if (desk.area().head(key).isPresent()) {
      // Not all of them may have been told.
      each(desk.read(key).orElseThrow(), TenantStatus.ACTIVE);
      return;
    }
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    for (JsonNode definition : server.schema().path("classes")) {
      String name = definition.path("class").asText();
      if (collections.contains(name) && Tenancy.of(definition)) {
        for (Map.Entry<String, TenantStatus> tenant : server.tenants(name).entrySet()) {
          if (tenant.getValue() == TenantStatus.INACTIVE) {
            note.withArray("/" + name).add(tenant.getKey());
          }
        }
      }
    }
    if (!note.isEmpty()) {
      desk.write(key, note);
      each(note, TenantStatus.ACTIVE);
    }
  }

  /** Puts back what was activated; nothing where nothing was. */
  void putBack() {
    String key = names.note(NOTE);
    if (desk.area().head(key).isPresent()) {
      each(desk.read(key).orElseThrow(), TenantStatus.INACTIVE);
      desk.area().delete(List.of(key));
    }
  }

  private void each(JsonNode note, TenantStatus status) {
    Set<String> collections = new TreeSet<>();
    server.schema().path("classes").forEach(each -> collections.add(each.path("class").asText()));
    for (Map.Entry<String, JsonNode> collection : note.properties()) {
      if (!collections.contains(collection.getKey())) {
        continue;
      }
      var there = server.tenants(collection.getKey()).keySet();
      List<String> tenants = new ArrayList<>();
      for (JsonNode tenant : collection.getValue()) {
        if (there.contains(tenant.asText())) {
          tenants.add(tenant.asText());
        }
      }
      server.setTenants(collection.getKey(), tenants, status);
    }
  }
}
