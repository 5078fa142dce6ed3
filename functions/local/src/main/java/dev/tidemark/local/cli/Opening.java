package dev.tidemark.local.cli;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.local.JsonLog;
import dev.tidemark.local.app.Tidemark;
import java.nio.file.Path;

/** Opens the application on a state folder. */
@FunctionalInterface
public interface Opening {

  /**
   * @param state the state folder, which may be absent
   * @param log whose {@link JsonLog#redaction} is to learn every secret that is resolved
   */
  Tidemark open(Configuration configuration, Path state, JsonLog log);
}
