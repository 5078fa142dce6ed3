package dev.tidemark.node.files;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A record kept as JSON in a file, replaced as a whole. */
public final class JsonFile<T> {
  private final Path path;
  private final Class<T> type;
  private final JsonMapper json;

  public JsonFile(Path path, Class<T> type) {
    this.path = path;
    this.type = type;
    this.json = Json.mapper();
  }

  /** Empty where there is no such file. A file that is not what it should be is a failure. */
  public Optional<T> read() throws IOException {
    try {
      return Optional.of(json.readValue(Files.readAllBytes(path), type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public void write(T value) throws IOException {
    DurableFiles.replace(path, json.writeValueAsBytes(value));
  }
}
