package dev.tidemark.local.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one JSON document as it comes: a contents list may have millions of entries. */
final class Json implements AutoCloseable {
  private final JsonGenerator generator;

  Json(PrintStream out) {
    try {
      generator =
          new JsonFactory()
              .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
              .createGenerator(out)
              .useDefaultPrettyPrinter();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void object(Runnable fields) {
    io(generator::writeStartObject);
    fields.run();
    io(generator::writeEndObject);
  }

  void object(String name, Runnable fields) {
    io(() -> generator.writeFieldName(name));
    object(fields);
  }

  void array(String name, Runnable elements) {
    io(() -> generator.writeArrayFieldStart(name));
    elements.run();
    io(generator::writeEndArray);
  }

  void field(String name, @Nullable String value) {
    io(() -> generator.writeStringField(name, value));
  }

  void field(String name, long value) {
    io(() -> generator.writeNumberField(name, value));
  }

  void field(String name, boolean value) {
    io(() -> generator.writeBooleanField(name, value));
  }

  /** In UTC with milliseconds, as RFC 3339 has it. */
  void field(String name, @Nullable Instant value) {
    field(name, value == null ? null : value.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  void nothing(String name) {
    io(() -> generator.writeNullField(name));
  }

  void texts(String name, Iterable<String> values) {
    array(name, () -> values.forEach(value -> io(() -> generator.writeString(value))));
  }

  void textsByName(String name, Map<String, String> values) {
    object(name, () -> values.forEach(this::field));
  }

  void numbersByName(String name, Map<String, Long> values) {
    object(name, () -> values.forEach((key, value) -> field(key, (long) value)));
  }

  @Override
  public void close() {
    io(generator::close);
  }

  private static void io(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}
