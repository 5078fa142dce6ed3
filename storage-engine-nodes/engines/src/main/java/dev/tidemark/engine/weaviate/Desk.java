package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagingArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Small objects of a staging area as JSON, and looks at its folders. */
record Desk(StagingArea area) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIECE_BYTES = 1 << 20;
  private static final int PAGE = 1_000;

  /** Beyond every name in a folder: the character after the slash. */
  private static final String AFTER_FOLDER = "0";

  /** What an object says; nothing where there is none. */
  Optional<JsonNode> read(String key) {
    if (area.head(key).isEmpty()) {
      return Optional.empty();
    }
    try (var stream = new StagedStream(area, key, PIECE_BYTES)) {
      return Optional.of(JSON.readTree(stream));
    } catch (JsonProcessingException e) {
      // Half of it may be there: a server writes files in place.
      throw new TransientFailure("object " + key + " is no JSON (yet)", e);
    } catch (IOException e) {
      throw new TransientFailure("cannot read object " + key, e);
    }
  }

  void write(String key, JsonNode json) {
    try {
      area.put(key, List.of(ByteBuffer.wrap(JSON.writeValueAsBytes(json))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All objects under a prefix. */
  void each(String prefix, Consumer<StagedObject> visit) {
    List<StagedObject> page = area.list(prefix, null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(visit);
      page = area.list(prefix, page.get(page.size() - 1).key(), PAGE);
    }
  }

  /** Names of the folders directly in the area that begin with a prefix. */
  List<String> folders(String prefix) {
    List<String> folders = new ArrayList<>();
    @Nullable String after = null;
    while (true) {
      List<StagedObject> page = area.list(prefix, after, 1);
      if (page.isEmpty()) {
        return folders;
      }
      String key = page.get(0).key();
      int slash = key.indexOf('/');
      if (slash < 0) {
        after = key;
        continue;
      }
      String folder = key.substring(0, slash);
      folders.add(folder);
      after = folder + AFTER_FOLDER;
    }
  }
}
