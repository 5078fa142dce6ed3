package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users and roles of servers that ask who somebody is, and what he may. */
@Tag("engines")
class AccessTest {
  private static final String USER = "anna";
  private static final String ROLE = "reads-articles";

  @RegisterExtension
  static final TwoServers SERVERS =
      new TwoServers(
          Map.of(
              "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED",
              "false",
              "AUTHENTICATION_APIKEY_ENABLED",
              "true",
              "AUTHENTICATION_APIKEY_ALLOWED_KEYS",
              Weaviates.ROOT_KEY,
              "AUTHENTICATION_APIKEY_USERS",
              "root",
              "AUTHENTICATION_DB_USERS_ENABLED",
              "true",
              "AUTHORIZATION_RBAC_ENABLED",
              "true",
              "AUTHORIZATION_RBAC_ROOT_USERS",
              "root"));

  private final WeaviateApi there = root(SERVERS.source());
  private final WeaviateApi here = root(SERVERS.target());

  private static WeaviateApi root(WeaviateCluster cluster) {
    return new WeaviateApi(cluster.node(0).address(), Weaviates.ROOT_KEY);
  }

  private static StorageEngine engine(
      WeaviateCluster cluster, Path backups, Map<String, String> more) {
    Map<String, String> keys = new HashMap<>(more);
    keys.putIfAbsent("apiKey", Weaviates.ROOT_REFERENCE);
    return Weaviates.engine(cluster, backups, keys);
  }

  private static Supplier<StorageEngine> sourceEngine(Map<String, String> more) {
    return () -> engine(SERVERS.source(), SERVERS.sourceBackups(), more);
  }

  private static Restores restore(
      Backups backup, Map<String, String> asBackedUp, Map<String, String> asRestored) {
    return new Restores(
        sourceEngine(asBackedUp),
        backup,
        () -> engine(SERVERS.target(), SERVERS.targetBackups(), asRestored),
        UnaryOperator.identity());
  }

  @BeforeEach
  void empty() {
    for (WeaviateApi api : List.of(there, here)) {
      api.collections().forEach(api::drop);
      if (users(api).contains(USER)) {
        api.call("DELETE", "/v1/users/db/" + USER, null);
      }
      if (roles(api).contains(ROLE)) {
        api.call("DELETE", "/v1/authz/roles/" + ROLE, null);
      }
    }
    there.collection("Article", 1, 1);
    there.store("Article", "", 0, 20, 1);
  }

  /** A user who may read articles, and nothing else. */
  private String user(WeaviateApi api) {
    ObjectNode role = JsonNodeFactory.instance.objectNode().put("name", ROLE);
    for (String action : List.of("read_collections", "read_data")) {
      ObjectNode permission = role.withArrayProperty("permissions").addObject();
      permission.put("action", action);
      permission
          .putObject(action.equals("read_data") ? "data" : "collections")
          .put("collection", "Article");
    }
    api.call("POST", "/v1/authz/roles", role);
    String key =
        api.call("POST", "/v1/users/db/" + USER, JsonNodeFactory.instance.objectNode())
            .path("apikey")
            .asText();
    ObjectNode assignment = JsonNodeFactory.instance.objectNode().put("userType", "db");
    assignment.putArray("roles").add(ROLE);
    api.call("POST", "/v1/authz/users/" + USER + "/assign", assignment);
    return key;
  }

  private static List<String> users(WeaviateApi api) {
    return api.call("GET", "/v1/users/db", null).findValuesAsText("userId");
  }

  private static List<String> roles(WeaviateApi api) {
    return api.call("GET", "/v1/authz/roles", null).findValuesAsText("name");
  }

  private static int readBy(String key) {
    return new WeaviateApi(SERVERS.target().node(0).address(), key).objects("Article", "").size();
  }

  @Test
  void usersAndRolesAreRestoredWhereAskedForAndNotElsewhere() {
    String key = user(there);
    Backups backup = new Backups(sourceEngine(Map.of()));
    backup.prepare("Article");
    assertThat(sourceEngine(Map.of()).get().catalog().describe().notIncluded()).isEmpty();

    restore(backup, Map.of(), Map.of()).all();
    assertThat(users(here)).doesNotContain(USER);
    assertThat(roles(here)).doesNotContain(ROLE);

    here.drop("Article");
    restore(backup, Map.of(), Map.of("restoredRoles", "included")).all();
    assertThat(users(here)).doesNotContain(USER);
    assertThat(roles(here)).contains(ROLE);

    here.drop("Article");
    here.call("DELETE", "/v1/authz/roles/" + ROLE, null);
    restore(backup, Map.of(), Map.of("restoredUsers", "included", "restoredRoles", "included"))
        .all();
    assertThat(users(here)).contains(USER);
    assertThat(roles(here)).contains(ROLE);
    assertThat(readBy(key)).isEqualTo(20);
    backup.release();
  }

  @Test
  void usersAndRolesThatAreLeftOutAreNamedAndNoRestoreAsksForThem() {
    user(there);
    Map<String, String> leftOut = Map.of("usersAndRoles", "left-out");
    Backups backup = new Backups(sourceEngine(leftOut));
    backup.prepare("Article");
    assertThat(sourceEngine(leftOut).get().catalog().describe().notIncluded())
        .containsEntry("users and roles", "usersAndRoles: left-out");
    assertThat(
            sourceEngine(leftOut)
                .get()
                .source()
                .schema(backup.token, List.of("Article"))
                .orElseThrow())
        .doesNotContain("\"users\":")
        .doesNotContain("\"roles\":");
    Restores asked = restore(backup, leftOut, Map.of("restoredUsers", "included"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(asked::check)
        .withMessageContaining("users")
        .withMessageContaining("restoredUsers");

    restore(backup, leftOut, Map.of()).all();

    assertThat(here.count("Article", "")).isEqualTo(20);
    assertThat(users(here)).doesNotContain(USER);
    backup.release();
  }

  @Test
  void aKeyThatMayNotBackUpIsToldWhatItLacks() {
    String key = user(there);
    StorageEngine engine =
        Weaviates.engine(
            SERVERS.source(),
            SERVERS.sourceBackups(),
            Map.of("apiKey", Weaviates.ROOT_REFERENCE),
            key);
    var backup = new Backups(() -> engine);
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(
            () -> {
              engine.source().check(List.of("Article"));
              backup.prepare("Article");
            })
        .withMessageContaining("manage_backups");
  }
}
