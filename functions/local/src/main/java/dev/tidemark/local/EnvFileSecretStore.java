package dev.tidemark.local;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Secrets in the environment ({@code env:NAME}) and in files ({@code file:PATH}, UTF-8, at most 64
 * KiB). An empty secret counts as none.
 */
public final class EnvFileSecretStore implements SecretStore {
  private static final int MAX_BYTES = 64 << 10;

  private final Map<String, String> environment;
  private final Path base;

  /**
   * @param base the folder to which relative paths refer
   */
  public EnvFileSecretStore(Map<String, String> environment, Path base) {
    this.environment = Map.copyOf(environment);
    this.base = base;
  }

  @Override
  public String resolve(String reference) {
    String value;
    if (reference.startsWith("env:")) {
      value = environment.getOrDefault(reference.substring("env:".length()), "");
    } else if (reference.startsWith("file:")) {
      value = content(reference, reference.substring("file:".length()));
    } else {
      throw PermanentFailure.of(Kind.INVALID, "secret reference")
          .expected("env:NAME or file:PATH")
          .found("neither")
          .hint("where the secret itself was written, put it into a file and refer to that");
    }
    if (value.isEmpty()) {
      throw PermanentFailure.of(Kind.NOT_FOUND, subject(reference))
          .expected("a value")
          .found("none, or an empty one");
    }
    return value;
  }

  private String content(String reference, String path) {
    try {
      Path file = base.resolve(path);
      byte[] bytes;
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      if (bytes.length > MAX_BYTES) {
        throw PermanentFailure.of(Kind.INVALID, subject(reference))
            .expected("at most " + MAX_BYTES + " bytes")
            .found("more");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (NoSuchFileException e) {
      throw PermanentFailure.of(Kind.NOT_FOUND, subject(reference))
          .expected("a file")
          .found("none")
          .cause(e);
    } catch (CharacterCodingException e) {
      // Without the cause: its message may tell where in the secret it stopped.
      throw PermanentFailure.of(Kind.INVALID, subject(reference))
          .expected("text in UTF-8")
          .found("other bytes");
    } catch (IOException | InvalidPathException e) {
      throw PermanentFailure.of(Kind.INVALID, subject(reference))
          .expected("a readable file")
          .found(e.toString())
          .cause(e);
    }
  }

  private static String subject(String reference) {
    return "secret '" + reference + "'";
  }
}
