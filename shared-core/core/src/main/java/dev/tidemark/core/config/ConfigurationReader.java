package dev.tidemark.core.config;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads configuration files, and reports all their errors at once. Stateless. */
public final class ConfigurationReader {
  private static final int MAX_BYTES = 1 << 20;

  private final Schema schema;
  private final TreeSet<String> secretSchemes;

  /**
   * @param engines the settings of each kind of engine, by its word
   * @param stores the settings of each kind of store, by its word
   * @param secretSchemes what references to secrets begin with, like {@code env}
   */
  public ConfigurationReader(
      Map<String, Schema> engines, Map<String, Schema> stores, Set<String> secretSchemes) {
    this.schema = Layout.with(engines, stores);
    this.secretSchemes = new TreeSet<>(secretSchemes);
  }

  /**
   * @throws PermanentFailure NOT_FOUND where there is no such file, INVALID where it cannot be read
   */
  public Reading read(Path file) {
    return read(file.toString(), file);
  }

  /**
   * As {@link #read(Path)}, for a file that messages call otherwise.
   *
   * @param name for messages
   */
  public Reading read(String name, Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw PermanentFailure.of(Kind.INVALID, "configuration " + name)
            .expected("at most 1 MiB")
            .found(Files.size(file) + " bytes");
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      Path folder = file.toAbsolutePath().getParent();
      return read(name, text, folder == null ? file.toAbsolutePath() : folder);
    } catch (NoSuchFileException e) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "configuration " + name)
          .expected("a YAML file")
          .found("no such file")
          .hint("name another with --config")
          .cause(e);
    } catch (CharacterCodingException e) {
      throw PermanentFailure.of(Kind.INVALID, "configuration " + name)
          .expected("a YAML file in UTF-8")
          .found("bytes that are no UTF-8")
          .cause(e);
    } catch (IOException e) {
      throw PermanentFailure.of(Kind.INVALID, "configuration " + name)
          .expected("a YAML file that can be read")
          .found(Files.isDirectory(file) ? "a folder" : e.toString())
          .cause(e);
    }
  }

  /**
   * @param file for messages
   * @param folder where relative paths begin; absolute
   */
  public Reading read(String file, String text, Path folder) {
    var reader = new NodeReader(file, folder, secretSchemes);
    List<String> notices = new ArrayList<>();
    Options tree = null;
    Node root = compose(file, text, reader);
    if (root != null) {
      tree = reader.mapping(root, "", schema);
    }
    if (tree != null) {
      tree = new Resolver(reader, notices).resolve(tree);
    }
    List<Problem> problems =
        reader.problems().stream()
            .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
            .toList();
    return new Reading(
        file,
        tree == null || !problems.isEmpty() ? null : new Configuration(tree),
        problems,
        notices);
  }

  private static @Nullable Node compose(String file, String text, NodeReader reader) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      Node root = new Compose(settings).composeString(text).orElse(null);
      if (root == null) {
        reader.refuse("", "the keys vaults, clusters, policies, settings", "an empty file", "");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      // Not the message, which repeats the line, nor the name of an alias: either may be a secret.
      boolean alias = e.getProblem().contains("alias");
      reader.refuse(
          e.getProblemMark().orElse(null),
          "",
          "YAML",
          alias ? "an alias without its anchor" : e.getProblem(),
          alias ? "put a text that begins with * in quotes" : "");
    } catch (YamlEngineException e) {
      reader.refuse("", "YAML", "something else", "is it a text file?");
    }
    return null;
  }
}
