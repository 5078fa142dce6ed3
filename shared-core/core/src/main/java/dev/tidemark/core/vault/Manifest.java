package dev.tidemark.core.vault;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sealed backup; the words are those of the format. */
public record Manifest(Header header, Body body) {

  /**
   * The first line: what can be shown without opening anything else.
   *
   * @param unreachable how many nodes did not answer; above 0 the backup is partial
   */
  public record Header(
      String vault,
      String backup,
      String cluster,
      String clusterId,
      String engine,
      String engineVersion,
      String fingerprint,
      String writer,
      Instant started,
      Instant sealed,
      String consistency,
      String scope,
      long units,
      long entries,
      long files,
      long bytes,
      long stored,
      Map<String, Long> notes,
      long missing,
      long unreachable,
      @Nullable String base,
      @Nullable String policy,
      Map<String, String> labels,
      String compression,
      long chunk,
      String encryption,
      String config,
      String tidemark,
      String root) {}

  /** The second line. */
  public record Body(
      List<String> nodes,
      List<String> collections,
      List<String> include,
      List<String> exclude,
      List<IndexRef> index) {}

  /**
   * An object of the index.
   *
   * @param name what follows {@code index/<cluster>/}
   * @param sha256 of its plaintext, hex
   * @param units how many unit records it holds
   */
  public record IndexRef(String name, String sha256, long units) {}
}
