package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.luben.zstd.ZstdInputStream;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingArea.UploadGone;
import dev.tidemark.core.staging.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Lays a compressed chunk out as a tar that is read at any offset, by an upload that goes on where
 * an earlier one ended. What its compression can tell of damage, the CRC of gzip or the checksum of
 * zstd, is told here, for it is read to its end.
 *
 * <p>A stream of gzip or zstd is only read from its start: who goes on reads again, and stores not
 * again, what was stored.
 */
record Inflation(Desk desk, String compression, BooleanSupplier over) {
  /** Beside a tar that is being laid out: which upload becomes it. */
  private static final String NOTE = "-upload";

  private static final int PIECE_BYTES = 4 << 20;

  /** 10 000 of them are 156 GiB, three times the largest chunk that a server makes. */
  private static final int PART_BYTES = 16 << 20;

  /**
   * Goes on with laying a chunk out.
   *
   * @param to key of the tar
   * @return whether it is there
   */
  boolean laid(String from, String to) {
    StagingArea area = desk.area();
    if (area.head(to).isPresent()) {
      return true;
    }
    String note = to + NOTE;
    Upload upload = upload(note, to);
    try {
      List<StagedPart> done = area.parts(upload);
      if (!store(upload, from, done)) {
        return false;
      }
      area.complete(upload, area.parts(upload));
    } catch (UploadGone e) {
      if (area.head(to).isEmpty()) {
        area.delete(List.of(note));
        return false;
      }
    }
    area.delete(List.of(note));
    return true;
  }

  /** Gives up what of a prefix is being laid out, for whom nobody goes on. */
  static void abortAll(Desk desk, String prefix) {
    desk.each(
        prefix,
        object -> {
          if (object.key().endsWith(NOTE)) {
            String to = object.key().substring(0, object.key().length() - NOTE.length());
            desk.read(object.key())
                .map(note -> new Upload(to, note.path("upload").asText(), Instant.EPOCH))
                .ifPresent(desk.area()::abort);
          }
        });
  }

  /** The upload that was begun, by whoever; its id is in a note, for not every server lists it. */
  private Upload upload(String note, String to) {
    Optional<JsonNode> begun = desk.read(note);
    if (begun.isPresent()) {
      return new Upload(to, begun.get().path("upload").asText(), Instant.EPOCH);
    }
    Upload upload = desk.area().begin(to);
    desk.write(note, JsonNodeFactory.instance.objectNode().put("upload", upload.id()));
    return upload;
  }

  /** Stores what is not yet; at least one part, however little time there is. */
  private boolean store(Upload upload, String from, List<StagedPart> done) {
    byte[] part = new byte[PART_BYTES];
    try (InputStream content = inflated(from)) {
      int number = 1;
      while (true) {
        int length = content.readNBytes(part, 0, part.length);
        if (length == 0 && number > 1) {
          return true;
        }
        boolean stored = number <= done.size() && done.get(number - 1).size() == length;
        if (!stored) {
          desk.area().part(upload, number, List.of(ByteBuffer.wrap(part, 0, length)));
        }
        if (length < part.length) {
          return true;
        }
        if (!stored && over.getAsBoolean()) {
          return false;
        }
        number++;
      }
    } catch (ZipException | EOFException e) {
      throw damage(from, e);
    } catch (IOException e) {
      // Nothing else than what the bytes are: StagedStream throws no such thing.
      throw damage(from, e);
    }
  }

  private PermanentFailure damage(String from, IOException e) {
    return Damage.of(from, "a whole stream of " + compression, String.valueOf(e.getMessage()))
        .cause(e);
  }

  private InputStream inflated(String from) throws IOException {
    InputStream chunk = new StagedStream(desk.area(), from, PIECE_BYTES);
    return compression.equals("zstd")
        ? new ZstdInputStream(chunk)
        : new GZIPInputStream(chunk, 64 << 10);
  }
}
