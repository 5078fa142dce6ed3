package dev.tidemark.api;

import dev.tidemark.api.json.Patterns;
import dev.tidemark.api.json.Run;
import dev.tidemark.api.json.Runs;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.RunFilter;
import dev.tidemark.core.control.RunView;
import io.micronaut.core.convert.format.Format;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backups, restores and verifications, in progress or ended. */
@Controller("/v1/runs")
@Tag(name = "runs")
@Answers
final class RunController {
  private static final int ALL = 100_000;

  private final Control control;

  RunController(Host host) {
    this.control = host.control();
  }

  /**
   * Lists runs, the newest first.
   *
   * @param cluster only those of this one
   * @param status only those with one of these
   * @param since only those that started then or later, like {@code 2026-11-01T08:30:00Z}
   * @param after {@code next} of the page before
   * @param limit at most so many; 100 where it is absent
   * @return a page
   */
  @Get
  Runs listRuns(
      @QueryValue @Nullable String cluster,
      @Format("MULTI") @QueryValue @Nullable List<String> status,
      @QueryValue @Nullable String since,
      @QueryValue @Nullable String after,
      @Schema(minimum = "1", maximum = "1000") @QueryValue @Nullable Integer limit) {
    int atMost = Query.limit(limit);
    List<RunView> all =
        control.runs(
            new RunFilter(
                Query.nameIfSet("cluster", cluster),
                Query.statuses(status),
                Query.since(since),
                ALL));
    Pages.Page<RunView> page =
        Pages.of(all, RunView::startedAt, RunView::run, Pages.Order.NEWEST_FIRST, after, atMost);
    return new Runs(page.elements().stream().map(Run::of).toList(), page.next());
  }

  /**
   * Shows how far a run is.
   *
   * @param run the run's id
   * @return the run
   */
  @Get("/{run}")
  Run showRun(@Schema(pattern = Patterns.RUN) String run) {
    return Run.of(control.run(Query.run(run)));
  }

  /**
   * Asks a run in progress to end. Refused where it is too late; does nothing where it is canceled
   * already.
   *
   * @param run the run's id
   * @return the run
   */
  @Post("/{run}/cancel")
  Run cancelRun(@Schema(pattern = Patterns.RUN) String run) {
    return Run.of(control.cancelRun(Query.run(run)));
  }
}
