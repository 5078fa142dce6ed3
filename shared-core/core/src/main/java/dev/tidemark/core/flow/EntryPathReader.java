package dev.tidemark.core.flow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;

/** Reads a path from its escaped text. */
final class EntryPathReader extends StdDeserializer<EntryPath> {
  private static final long serialVersionUID = 1L;

  EntryPathReader() {
    super(EntryPath.class);
  }

  @Override
  public EntryPath deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    return EntryPath.parse(parser.getText());
  }
}
