package dev.tidemark.api;

import dev.tidemark.api.json.NewRestore;
import dev.tidemark.api.json.Patterns;
import dev.tidemark.api.json.Plan;
import dev.tidemark.api.json.Run;
import dev.tidemark.core.config.Role;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.RunView;
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
import org.jspecify.annotations.Nullable;

/** Restores onto configured clusters. */
@Controller("/v1")
@Tag(name = "restores")
@Answers
final class RestoreController {
  private final Control control;

  RestoreController(Host host) {
    this.control = host.control();
  }

  /**
   * Starts a restore. While a restore by the same request is in progress, that one is answered.
   * What exists is not touched, and refuses the request, unless it says {@code replace}.
   *
   * @param cluster the cluster that the backup is of
   * @param id the backup's id
   * @return the run
   */
  @Post("/clusters/{cluster}/backups/{id}/restore")
  Run createRestore(
      HttpRequest<?> request,
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = NewRestore.class)))
          @Body
          @Nullable String body) {
    CreateRestore wanted = wanted(cluster, id, body);
    if (wanted.replace()) {
      AccessFilter.require(request, Role.ADMIN);
    }
    return Run.of(control.createRestore(wanted));
  }

  /**
   * What a restore would do, and what is in the way. Starts and changes nothing.
   *
   * @param cluster the cluster that the backup is of
   * @param id the backup's id
   * @return the plan
   */
  @Post("/clusters/{cluster}/backups/{id}/restore/plan")
  Plan planRestore(
      @Schema(pattern = Patterns.NAME) String cluster,
      @Schema(pattern = Patterns.BACKUP_ID) String id,
      @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(implementation = NewRestore.class)))
          @Body
          @Nullable String body) {
    return Plan.of(control.planRestore(wanted(cluster, id, body)));
  }

  private static CreateRestore wanted(String cluster, String id, @Nullable String body) {
    NewRestore asked = Json.read(body, NewRestore.class);
    return Requests.restore(Requests.backupName(cluster, id, asked.vault()), asked);
  }

  /**
   * Shows how far a restore is.
   *
   * @param run the run's id
   * @return the run
   */
  @Get("/restores/{run}")
  Run showRestore(@Schema(pattern = Patterns.RUN) String run) {
    RunView found = control.run(Query.run(run));
    if (found.kind() != RunView.Kind.RESTORE) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "restore " + run)
          .expected("a restore")
          .found("a run of another kind")
          .hint("GET /v1/runs/" + run + " shows it");
    }
    return Run.of(found);
  }

  /**
   * Asks a restore in progress to end: what it has not committed is removed.
   *
   * @param run the run's id
   * @return the run
   */
  @Post("/restores/{run}/cancel")
  Run cancelRestore(@Schema(pattern = Patterns.RUN) String run) {
    return Run.of(control.cancelRestore(Query.run(run)));
  }

  /**
   * Makes a failed restore go on, within its resume window. Does nothing where it has succeeded.
   *
   * @param run the run's id
   * @return the run
   */
  @Post("/restores/{run}/resume")
  Run resumeRestore(@Schema(pattern = Patterns.RUN) String run) {
    return Run.of(control.resumeRestore(Query.run(run)));
  }
}
