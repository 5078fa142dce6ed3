package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Names;
import dev.tidemark.node.storage.Shards.SnapshotOutcome;
import dev.tidemark.node.storage.Snapshot;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.SystemFile;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Snapshots of shards of this node. */
@Controller("/v1")
final class SnapshotController {
  private static final long MAX_TTL_SECONDS = Duration.ofDays(30).toSeconds();
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{0,18})");
  private static final String PLACE = "/shards/{collection}/{shard}/snapshots/{name}";

  private final Node node;

  SnapshotController(Node node) {
    this.node = node;
  }

  /** For how long a snapshot is wanted. */
  @Introspected
  record TimeToLive(long ttlSeconds) {}

  /** Snapshots without their files. */
  @Introspected
  record SnapshotList(List<Snapshot> snapshots) {}

  private String generation(String collection, String shard, @Nullable String generation) {
    return node.localShards()
        .require(collection, shard, generation)
        .assignment()
        .placement()
        .generation();
  }

  @Put(PLACE)
  HttpResponse<Snapshot> put(
      String collection,
      String shard,
      String name,
      @QueryValue @Nullable String generation,
      @Body TimeToLive body) {
    Names.require("snapshot", name);
    if (body.ttlSeconds() < 1 || body.ttlSeconds() > MAX_TTL_SECONDS) {
      throw NodeFailure.invalid("ttlSeconds", "1 to " + MAX_TTL_SECONDS, body.ttlSeconds());
    }
    SnapshotOutcome outcome =
        node.shards()
            .snapshot(
                generation(collection, shard, generation),
                name,
                Duration.ofSeconds(body.ttlSeconds()));
    return outcome.made()
        ? HttpResponse.created(outcome.snapshot())
        : HttpResponse.ok(outcome.snapshot());
  }

  @Get(PLACE)
  Snapshot get(
      String collection, String shard, String name, @QueryValue @Nullable String generation) {
    return node.shards()
        .snapshot(generation(collection, shard, generation), Names.require("snapshot", name));
  }

  @Delete(PLACE)
  HttpResponse<Void> delete(
      String collection, String shard, String name, @QueryValue @Nullable String generation) {
    node.shards()
        .deleteSnapshot(generation(collection, shard, generation), Names.require("snapshot", name));
    return HttpResponse.noContent();
  }

  @Get(value = PLACE + "/files/{file}", produces = MediaType.APPLICATION_OCTET_STREAM)
  @ApiResponse(
      responseCode = "200",
      description = "the bytes; 206 for a range",
      content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
  HttpResponse<?> file(
      HttpRequest<?> request,
      String collection,
      String shard,
      String name,
      String file,
      @QueryValue @Nullable String generation) {
    File found =
        node.shards()
            .snapshotFile(
                generation(collection, shard, generation), Names.require("snapshot", name), file)
            .toFile();
    String range = request.getHeaders().get(HttpHeaders.RANGE);
    if (range != null && !satisfiable(range, found.length())) {
      return HttpResponse.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + found.length());
    }
    Optional<Long> single = range == null ? Optional.empty() : single(range);
    return single.isPresent()
        ? oneByte(found, single.get())
        : HttpResponse.ok(new SystemFile(found, MediaType.APPLICATION_OCTET_STREAM_TYPE));
  }

  /** Micronaut takes a range of one byte for none, and answers with the whole file. */
  private static Optional<Long> single(String range) {
    Matcher matcher = RANGE.matcher(range);
    return matcher.matches() && matcher.group(1).equals(matcher.group(2))
        ? Optional.of(Long.parseLong(matcher.group(1)))
        : Optional.empty();
  }

  private static HttpResponse<byte[]> oneByte(File file, long at) {
    try (var content = new RandomAccessFile(file, "r")) {
      content.seek(at);
      return HttpResponse.<byte[]>status(HttpStatus.PARTIAL_CONTENT)
          .header(HttpHeaders.CONTENT_RANGE, "bytes %d-%d/%d".formatted(at, at, content.length()))
          .body(new byte[] {content.readByte()});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean satisfiable(String range, long size) {
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      throw NodeFailure.invalid("Range", "bytes=FIRST-LAST or bytes=FIRST-", range);
    }
    return Long.parseLong(matcher.group(1)) < size;
  }

  @Get("/snapshots")
  SnapshotList list(@QueryValue @Nullable String prefix) {
    return new SnapshotList(node.shards().snapshots(Names.requirePrefix(prefix)));
  }
}
