package dev.tidemark.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.secret.Redaction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line, in {@code log/tidemark-<UTC date>.jsonl} of the state folder: {@code
 * time}, {@code level}, {@code event}, {@code process}, {@code run} and {@code unit} where there
 * are such, and whatever the event tells. Secrets are masked. Files are kept for 30 days. Several
 * processes write to the same file, each line at once.
 *
 * <p>A log that cannot be written never hinders the work: the first failure is what {@link
 * #failure} says, and nothing more is written.
 */
public final class JsonLog implements AutoCloseable {
  private static final int DAYS_KEPT = 30;

  private final Path folder;
  private final InstantSource clock;
  private final Redaction redaction;
  private final long process = ProcessHandle.current().pid();
  private @Nullable LocalDate day;
  private @Nullable FileChannel channel;
  private @Nullable IOException failure;

  /**
   * @param folder made with the first line
   */
  public JsonLog(Path folder, InstantSource clock, Redaction redaction) {
    this.folder = folder;
    this.clock = clock;
    this.redaction = redaction;
  }

  /** Today's file. */
  public Path file() {
    return file(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }

  /** What keeps secrets out of it. */
  public Redaction redaction() {
    return redaction;
  }

  /** Why the log is not written; null where it is. */
  public synchronized @Nullable IOException failure() {
    return failure;
  }

  /** Something that happened as it should, to the host as a whole. */
  public void info(String event, Map<String, ?> fields) {
    write("info", event, null, null, fields);
  }

  /** Something that happened as it should, to a run or one of its units. */
  public void info(String event, String run, @Nullable String unit, Map<String, ?> fields) {
    write("info", event, run, unit, fields);
  }

  /** Something that did not happen as it should. */
  public void error(String event, @Nullable String run, @Nullable String unit, Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    write(
        "error", event, run, unit, Map.of("error", failure.toString(), "trace", trace.toString()));
  }

  private synchronized void write(
      String level,
      String event,
      @Nullable String run,
      @Nullable String unit,
      Map<String, ?> fields) {
    if (failure != null) {
      return;
    }
    Instant now = clock.instant();
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", now.truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("level", level).put("event", event).put("process", process);
    if (run != null) {
      line.put("run", run);
    }
    if (unit != null) {
      line.put("unit", unit);
    }
    fields.forEach((name, value) -> put(line, name, value));
    try {
      append(LocalDate.ofInstant(now, ZoneOffset.UTC), line + "\n");
    } catch (IOException e) {
      failure = e;
    }
  }

  private void put(ObjectNode line, String name, Object value) {
    if (value instanceof Number number) {
      line.put(name, number.longValue());
    } else if (value instanceof Boolean flag) {
      line.put(name, flag);
    } else {
      line.put(name, redaction.mask(value.toString()));
    }
  }

  private void append(LocalDate date, String line) throws IOException {
    FileChannel open = channel;
    if (open == null || !date.equals(day)) {
      closeFile();
      Files.createDirectories(folder);
      open =
          FileChannel.open(
              file(date),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND);
      channel = open;
      day = date;
      forget(date.minusDays(DAYS_KEPT));
    }
    var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      open.write(bytes);
    }
  }

  private void forget(LocalDate before) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "tidemark-*.jsonl")) {
      for (Path file : files) {
        if (file.compareTo(file(before)) < 0) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path file(LocalDate date) {
    return folder.resolve("tidemark-" + date + ".jsonl");
  }

  @Override
  public synchronized void close() {
    try {
      closeFile();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void closeFile() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
