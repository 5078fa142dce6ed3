package dev.tidemark.api;

import dev.tidemark.api.json.CheckedCluster;
import dev.tidemark.api.json.CheckedVault;
import dev.tidemark.api.json.Cluster;
import dev.tidemark.api.json.Clusters;
import dev.tidemark.api.json.CreatedVault;
import dev.tidemark.api.json.NewPolicyRun;
import dev.tidemark.api.json.Patterns;
import dev.tidemark.api.json.Policies;
import dev.tidemark.api.json.Policy;
import dev.tidemark.api.json.Run;
import dev.tidemark.api.json.Vault;
import dev.tidemark.api.json.Vaults;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.config.Role;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is configured: looked at; vaults made and tried, policies run. */
@Controller("/v1")
@Tag(name = "configuration")
@Answers
final class ConfigurationController {
  private final Control control;

  ConfigurationController(Host host) {
    this.control = host.control();
  }

  /**
   * Lists the clusters.
   *
   * @return all of them
   */
  @Get("/clusters")
  Clusters listClusters() {
    return new Clusters(control.clusters().stream().map(Cluster::of).toList());
  }

  /**
   * Shows a cluster.
   *
   * @param cluster its name
   * @return the cluster
   */
  @Get("/clusters/{cluster}")
  Cluster showCluster(@Schema(pattern = Patterns.NAME) String cluster) {
    return one("cluster", cluster, listClusters().clusters(), Cluster::name);
  }

  /**
   * Looks whether backups of a cluster can be made as it is now, and whether its staging area is as
   * it must be. Starts nothing; what is in the way is among the conditions.
   *
   * @param cluster its name
   * @return what was found
   */
  @Post("/clusters/{cluster}/check")
  CheckedCluster checkCluster(@Schema(pattern = Patterns.NAME) String cluster) {
    showCluster(cluster);
    return CheckedCluster.of(control.checkCluster(cluster));
  }

  /**
   * Lists the vaults.
   *
   * @return all of them
   */
  @Get("/vaults")
  Vaults listVaults() {
    return new Vaults(control.vaults().stream().map(Vault::of).toList());
  }

  /**
   * Shows a vault.
   *
   * @param vault its name
   * @return the vault
   */
  @Get("/vaults/{vault}")
  Vault showVault(@Schema(pattern = Patterns.NAME) String vault) {
    return one("vault", vault, listVaults().vaults(), Vault::name);
  }

  /**
   * Makes a vault of an empty place, whose store must first show that it keeps what a vault relies
   * on. A vault that is there is answered. For the role admin.
   *
   * @param vault its name
   * @return the vault
   */
  @Post("/vaults/{vault}/create")
  CreatedVault createVault(HttpRequest<?> request, @Schema(pattern = Patterns.NAME) String vault) {
    AccessFilter.require(request, Role.ADMIN);
    showVault(vault);
    return CreatedVault.of(control.createVault(new VaultPlace.Named(vault)));
  }

  /**
   * Tries whether a vault's store keeps what Tidemark relies on.
   *
   * @param vault its name
   * @return what was found
   */
  @Post("/vaults/{vault}/check")
  CheckedVault checkVault(@Schema(pattern = Patterns.NAME) String vault) {
    showVault(vault);
    return CheckedVault.of(control.checkVault(new VaultPlace.Named(vault)));
  }

  /**
   * Lists the policies.
   *
   * @return all of them
   */
  @Get("/policies")
  Policies listPolicies() {
    return new Policies(control.policies().stream().map(Policy::of).toList());
  }

  /**
   * Shows a policy.
   *
   * @param policy its name
   * @return the policy
   */
  @Get("/policies/{policy}")
  Policy showPolicy(@Schema(pattern = Patterns.NAME) String policy) {
    return one("policy", policy, listPolicies().policies(), Policy::name);
  }

  /**
   * Starts a backup as a policy wants it, now, of one of its clusters. With an id, the same request
   * again is answered with the run that it has.
   *
   * @param policy its name
   * @return the run
   */
  @Post("/policies/{policy}/run")
  Run runPolicy(
      @Schema(pattern = Patterns.NAME) String policy,
      @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = NewPolicyRun.class)))
          @Body
          @Nullable String body) {
    NewPolicyRun asked = Json.read(body, NewPolicyRun.class);
    Policy known = showPolicy(policy);
    return Run.of(
        control.createBackup(
            new CreateBackup(
                cluster(known, asked),
                asked.id() == null ? null : Query.backupId(asked.id()),
                null,
                policy,
                List.of(),
                List.of(),
                new CreateBackup.Newest(),
                Map.of(),
                null,
                null)));
  }

  private static String cluster(Policy policy, NewPolicyRun asked) {
    if (asked.cluster() != null) {
      return Query.name("cluster", asked.cluster());
    }
    if (policy.clusters().size() > 1) {
      throw PermanentFailure.of(Kind.INVALID, "field cluster")
          .expected("one of " + String.join(", ", policy.clusters()))
          .found("nothing, and the policy has several");
    }
    return policy.clusters().get(0);
  }

  private static <T> T one(String kind, String name, List<T> all, Function<T, String> nameOf) {
    List<String> names = all.stream().map(nameOf).toList();
    return all.stream()
        .filter(each -> nameOf.apply(each).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                PermanentFailure.of(Kind.NOT_FOUND, "%s '%s'".formatted(kind, name))
                    .expected(
                        names.isEmpty()
                            ? "a configured " + kind + ", of which there is none"
                            : "one of " + String.join(", ", names))
                    .found("no %s of that name".formatted(kind))
                    .hint(Nearest.hint(name, names)));
  }
}
