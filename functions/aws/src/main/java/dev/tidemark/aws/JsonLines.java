package dev.tidemark.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.secret.Redaction;
import dev.tidemark.events.WorkItem;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One JSON object a line, for CloudWatch Logs: {@code time}, {@code level}, {@code event}, {@code
 * request} (Lambda's id of the invocation), {@code step}, {@code run}, {@code lane} and {@code
 * unit} where there are such, and whatever the event tells. Secrets are masked.
 */
final class JsonLines {
  private final PrintStream out;
  private final InstantSource clock;
  private final Redaction redaction;
  private final Supplier<String> request;

  JsonLines(PrintStream out, InstantSource clock, Redaction redaction, Supplier<String> request) {
    this.out = out;
    this.clock = clock;
    this.redaction = redaction;
    this.request = request;
  }

  void info(String event, Map<String, ?> fields) {
    write(line("info", event, fields));
  }

  void info(String event, WorkItem item) {
    write(with(line("info", event, Map.of()), item));
  }

  void warning(String event, Map<String, ?> fields) {
    write(line("warning", event, fields));
  }

  void error(String event, Map<String, ?> fields, Throwable failure) {
    write(with(line("error", event, fields), failure));
  }

  void error(String event, WorkItem item, Throwable failure) {
    write(with(with(line("error", event, Map.of()), item), failure));
  }

  /** Lines of several threads do not mix. */
  synchronized void write(ObjectNode line) {
    out.println(line);
    out.flush();
  }

  Instant now() {
    return clock.instant();
  }

  private ObjectNode line(String level, String event, Map<String, ?> fields) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", now().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("level", level).put("event", event);
    if (!request.get().isEmpty()) {
      line.put("request", request.get());
    }
    fields.forEach((name, value) -> line.put(name, redaction.mask(value.toString())));
    return line;
  }

  private static ObjectNode with(ObjectNode line, WorkItem item) {
    line.put("step", item.kind().word()).put("run", item.run());
    if (item.lane() != null) {
      line.put("lane", item.lane());
    }
    if (item.unit() != null) {
      line.put("unit", item.unit());
    }
    return line.put("attempt", item.attempt());
  }

  private ObjectNode with(ObjectNode line, Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return line.put("error", redaction.mask(failure.toString()))
        .put("trace", redaction.mask(trace.toString()));
  }
}
