package dev.tidemark.core.config;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy by its configured name.
 *
 * @param clusters names of configured clusters; at least one
 * @param vault the name of a configured vault; null for each cluster's own
 * @param schedule five fields as in crontab(5); null where backups are only asked for
 * @param zone in which the schedule is meant
 * @param include collections, {@code *} in them; empty for all
 * @param exclude likewise; empty for none; never set together with include
 * @param labels for its backups
 */
public record PolicyConfig(
    String name,
    List<String> clusters,
    @Nullable String vault,
    @Nullable String schedule,
    ZoneId zone,
    List<String> include,
    List<String> exclude,
    Map<String, String> labels) {

  static PolicyConfig of(String name, Options options) {
    return new PolicyConfig(
        name,
        options.texts("clusters"),
        options.textIfSet("vault"),
        options.textIfSet("schedule"),
        ZoneId.of(options.text("zone")),
        options.texts("include"),
        options.texts("exclude"),
        options.options("labels").textsByName());
  }
}
