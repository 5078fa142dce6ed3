package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Outcome;
import dev.tidemark.core.flow.PolicySlot.Taken;
import dev.tidemark.core.secret.Redaction;
import dev.tidemark.local.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulesTest {
  private final Path folder;
  private final List<String> told = new ArrayList<>();

  SchedulesTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/file"), "content");
  }

  @Test
  void theNewestOfMissedSlotsIsMadeUpForAndThoseBeforeTheFirstLookAreNot() throws IOException {
    Configuration configuration = configuration("\"0 3 * * *\"", "UTC");
    try (LocalHost host = host(configuration)) {
      Schedules schedules = schedules(configuration, host);
      schedules.look(Instant.parse("2026-03-10T12:00:00Z"));
      schedules.look(Instant.parse("2026-03-10T12:00:01Z"));
      assertThat(told).isEmpty();
      schedules.look(Instant.parse("2026-03-14T02:59:59Z"));
      assertThat(told).containsExactly("2026-03-13T03:00:00Z STARTED");
      schedules.look(Instant.parse("2026-03-14T03:00:00Z"));
      // The first one was not worked, so it has the cluster.
      assertThat(told).endsWith("2026-03-14T03:00:00Z SKIPPED").hasSize(2);
      schedules(configuration, host).look(Instant.parse("2026-03-14T04:00:00Z"));
      assertThat(told).hasSize(2);
    }
  }

  @Test
  void slotsAreThoseOfTheZoneAlsoWhenItsClocksChange() throws IOException {
    Configuration configuration = configuration("\"30 2 * * *\"", "Europe/Berlin");
    try (LocalHost host = host(configuration)) {
      Schedules schedules = schedules(configuration, host);
      schedules.look(Instant.parse("2026-10-23T12:00:00Z"));
      schedules.look(Instant.parse("2026-10-24T00:30:00Z"));
      assertThat(told).containsExactly("2026-10-24T00:30:00Z STARTED");
      assertThat(schedules.next(Instant.parse("2026-10-25T03:00:00Z")))
          .contains(Instant.parse("2026-10-26T01:30:00Z"));
      // In the night of 28 March there is no half past two.
      assertThat(schedules.next(Instant.parse("2027-03-27T12:00:00Z")))
          .hasValueSatisfying(
              next -> assertThat(next).isBefore(Instant.parse("2027-03-29T00:30:01Z")));
    }
  }

  private Schedules schedules(Configuration configuration, LocalHost host) {
    return new Schedules(
        configuration,
        host.dispatcher(),
        new Schedules.Listener() {
          @Override
          public void taken(PolicySlot slot, Taken taken) {
            told.add(slot.time() + " " + taken.outcome());
            assertThat(taken.outcome()).isNotEqualTo(Outcome.PASSED);
          }

          @Override
          public void later(PolicySlot slot, RuntimeException failure) {
            throw new AssertionError(failure);
          }
        });
  }

  private LocalHost host(Configuration configuration) {
    var log = new JsonLog(folder.resolve("log"), Clock.systemUTC(), new Redaction());
    try (var tidemark = LocalTidemark.open(configuration, folder.resolve("state"), log)) {
      tidemark.createVault(new VaultPlace.Named("main"));
    }
    return new LocalHost(configuration, folder.resolve("state"), log);
  }

  private Configuration configuration(String schedule, String zone) throws IOException {
    Path file = folder.resolve("tidemark.yaml");
    Files.writeString(
        file,
        """
        vaults: { main: { path: vault } }
        clusters: { files: { engine: directory, roots: [ { name: data, path: data } ] } }
        policies: { p: { clusters: [files], schedule: %s, zone: %s } }
        """
            .formatted(schedule, zone));
    return Main.reader().read("tidemark.yaml", file).orThrow();
  }
}
