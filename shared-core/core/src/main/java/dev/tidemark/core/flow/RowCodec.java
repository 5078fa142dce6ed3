package dev.tidemark.core.flow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;

/** Rows as JSON; unknown fields are ignored, so that a release reads the rows of the one before. */
final class RowCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(EntryPath.class, ToStringSerializer.instance)
                  .addDeserializer(EntryPath.class, new EntryPathReader()))
          .build();

  private RowCodec() {}

  static String write(Object row) {
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that is no JSON: " + row, e);
    }
  }

  static <T> T read(Row row, Class<T> type) {
    try {
      return JSON.readValue(row.body(), type);
    } catch (IOException e) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.DAMAGED, "row " + row.partition() + " " + row.sort())
          .expected("a " + type.getSimpleName())
          .found(String.valueOf(e.getMessage()))
          .cause(e);
    }
  }
}
