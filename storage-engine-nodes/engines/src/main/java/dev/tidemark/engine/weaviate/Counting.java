package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.core.failure.TransientFailure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts objects by Aggregate, as a user would. */
record Counting(Weaviate server) {
  /** Tenants counted by one request. */
  private static final int AT_ONCE = 50;

  long all(String collection) {
    return count(answer("{Aggregate{a0:%s{meta{count}}}}".formatted(collection)), "a0");
  }

  /** Of tenants that are active. */
  Map<String, Long> tenants(String collection) {
    List<String> active =
        server.tenants(collection).entrySet().stream()
            .filter(each -> each.getValue() == TenantStatus.ACTIVE)
            .map(Map.Entry::getKey)
            .toList();
    Map<String, Long> counts = new TreeMap<>();
    for (int at = 0; at < active.size(); at += AT_ONCE) {
      List<String> some = active.subList(at, Math.min(active.size(), at + AT_ONCE));
      var question = new StringBuilder("{Aggregate{");
      for (int i = 0; i < some.size(); i++) {
        question.append(
            "a%d:%s(tenant:%s){meta{count}}".formatted(i, collection, quoted(some.get(i))));
      }
      JsonNode answers = answer(question.append("}}").toString());
      for (int i = 0; i < some.size(); i++) {
        counts.put(some.get(i), count(answers, "a" + i));
      }
    }
    return counts;
  }

  static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }

  private JsonNode answer(String question) {
    JsonNode answer = server.query(question);
    if (answer.path("errors").size() > 0) {
      throw new TransientFailure(
          "Weaviate could not count: " + answer.path("errors").path(0).path("message").asText());
    }
    return answer.path("data").path("Aggregate");
  }

  private static long count(JsonNode answers, String name) {
    JsonNode count = answers.path(name).path(0).path("meta").path("count");
    if (!count.isNumber()) {
      throw new TransientFailure("Weaviate counted nothing, found " + answers);
    }
    return count.asLong();
  }
}
