package dev.tidemark.core.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What a key of the configuration takes. Values come out in the one form that {@link Options} hold.
 */
public abstract class Field {
  private final String expected;

  private Field(String expected) {
    this.expected = expected;
  }

  /** What it takes, in words: "a whole number from 1 to 64". */
  public final String expected() {
    return expected;
  }

  /** Reads a value, or reports problems and answers null. */
  abstract @Nullable Object read(Node node, String where, NodeReader reader);

  /** A text that is not empty. */
  public static Field text() {
    return text("a text", literal -> literal);
  }

  /**
   * A text of a certain form.
   *
   * @param expected in words
   * @param normal gives the form in which it is kept, or throws IllegalArgumentException with a
   *     hint (which does not repeat the text)
   */
  public static Field text(String expected, UnaryOperator<String> normal) {
    return new Literal(expected) {
      @Override
      Object value(String literal, NodeReader reader) {
        if (literal.isEmpty()) {
          throw new IllegalArgumentException("");
        }
        return normal.apply(literal);
      }
    };
  }

  /**
   * The same for a text in whose place a secret may stand by mistake: what is refused is not
   * repeated.
   */
  static Field discreet(String expected, UnaryOperator<String> normal) {
    return new Literal(expected) {
      @Override
      Object value(String literal, NodeReader reader) {
        return normal.apply(literal);
      }

      @Override
      String found(Node node) {
        return "something else, which is not shown because it may be a secret";
      }
    };
  }

  /** One of some words. */
  public static Field choice(String... words) {
    List<String> all = List.of(words);
    return new Literal("one of " + String.join(", ", all)) {
      @Override
      Object value(String literal, NodeReader reader) {
        if (!all.contains(literal)) {
          throw new IllegalArgumentException(Nearest.hint(literal, all));
        }
        return literal;
      }
    };
  }

  public static Field number(long min, long max) {
    return new Literal("a whole number from %d to %d".formatted(min, max)) {
      @Override
      Object value(String literal, NodeReader reader) {
        BigInteger number = new BigInteger(literal);
        if (number.compareTo(BigInteger.valueOf(min)) < 0
            || number.compareTo(BigInteger.valueOf(max)) > 0) {
          throw new IllegalArgumentException("");
        }
        return number.longValue();
      }
    };
  }

  public static Field flag() {
    return new Literal("true or false") {
      @Override
      Object value(String literal, NodeReader reader) {
        if (!literal.equals("true") && !literal.equals("false")) {
          throw new IllegalArgumentException("");
        }
        return literal.equals("true");
      }
    };
  }

  /** A duration like {@code 60s}, {@code 8m} or {@code 1h}. */
  public static Field duration(Duration min, Duration max) {
    String words =
        "a duration from %s to %s".formatted(Durations.format(min), Durations.format(max));
    return new Literal(words) {
      @Override
      Object value(String literal, NodeReader reader) {
        Duration duration = Durations.parse(literal);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
          throw new IllegalArgumentException("");
        }
        return duration.toString();
      }
    };
  }

  /** A path; a relative one begins at the folder of the configuration file. */
  public static Field path() {
    return new Literal("a path") {
      @Override
      Object value(String literal, NodeReader reader) {
        if (literal.isEmpty()) {
          throw new IllegalArgumentException("");
        }
        if (literal.equals("~") || literal.startsWith("~/")) {
          throw new IllegalArgumentException("'~' is not expanded: write the whole path");
        }
        try {
          return reader.folder().resolve(Path.of(literal)).normalize().toString();
        } catch (InvalidPathException e) {
          throw new IllegalArgumentException(e.getReason(), e);
        }
      }
    };
  }

  /**
   * A reference to a secret; a relative {@code file:} begins at the folder of the configuration
   * file. What is no reference may be the secret itself, and is not repeated.
   */
  public static Field secret() {
    return new Secret();
  }

  public static Field list(Field element) {
    return new Many(element);
  }

  public static Field options(Schema schema) {
    return new Nested(schema);
  }

  /**
   * A mapping from names that the user chooses.
   *
   * @param name what a name may be; the whole name must match
   * @param nameExpected the same in words
   */
  public static Field named(Pattern name, String nameExpected, Field element) {
    return new Named(name, nameExpected, element);
  }

  /**
   * A mapping with common keys, and further ones that depend on the value of one of them.
   *
   * @param tag the key that decides
   * @param otherwise its value where it is absent; null where it must be there
   */
  public static Field chosen(
      String tag, @Nullable String otherwise, Schema common, Map<String, Schema> variants) {
    return new Chosen(tag, otherwise, common, variants);
  }

  /** A field of one scalar. */
  private abstract static class Literal extends Field {
    Literal(String expected) {
      super(expected);
    }

    /** Throws IllegalArgumentException with a hint, or an empty message. */
    abstract Object value(String literal, NodeReader reader);

    /** What stands there instead, in words. */
    String found(Node node) {
      return NodeReader.found(node);
    }

    @Override
    final @Nullable Object read(Node node, String where, NodeReader reader) {
      String literal = NodeReader.literal(node);
      if (literal == null) {
        return reader.refuse(node, where, expected(), found(node), "");
      }
      try {
        return value(literal, reader);
      } catch (NumberFormatException e) {
        return reader.refuse(node, where, expected(), found(node), "");
      } catch (IllegalArgumentException e) {
        String hint = e.getMessage() == null ? "" : e.getMessage();
        return reader.refuse(node, where, expected(), found(node), hint);
      }
    }
  }

  private static final class Secret extends Field {
    private static final String FILE = "file:";

    Secret() {
      super("a reference to a secret");
    }

    @Override
    @Nullable Object read(Node node, String where, NodeReader reader) {
      String literal = NodeReader.literal(node);
      if (literal != null
          && reader.secretSchemes().stream()
              .anyMatch(s -> literal.startsWith(s + ":") && literal.length() > s.length() + 1)) {
        return literal.startsWith(FILE)
            ? FILE + reader.folder().resolve(literal.substring(FILE.length())).normalize()
            : literal;
      }
      String schemes = String.join(":…, ", reader.secretSchemes()) + ":…";
      return reader.refuse(
          node,
          where,
          expected() + " (" + schemes + ")",
          "something else, which is not shown because it may be the secret itself",
          "keep the secret in an environment variable or a file, and name that here");
    }
  }

  private static final class Many extends Field {
    private final Field element;

    Many(Field element) {
      super("a list, each " + element.expected());
      this.element = element;
    }

    @Override
    @Nullable Object read(Node node, String where, NodeReader reader) {
      if (!(node instanceof SequenceNode sequence)) {
        return reader.refuse(
            node, where, expected(), NodeReader.found(node), "write it in brackets: [ … ]");
      }
      List<Object> values = new ArrayList<>();
      int n = 0;
      for (Node each : sequence.getValue()) {
        Object value = element.read(each, where + "[" + n++ + "]", reader);
        if (value != null) {
          values.add(value);
        }
      }
      return List.copyOf(values);
    }
  }

  private static final class Nested extends Field {
    private final Schema schema;

    Nested(Schema schema) {
      super("keys of " + String.join(", ", schema.keys().keySet()));
      this.schema = schema;
    }

    @Override
    @Nullable Object read(Node node, String where, NodeReader reader) {
      return reader.mapping(node, where, schema);
    }
  }

  private static final class Named extends Field {
    private final Pattern name;
    private final String nameExpected;
    private final Field element;

    Named(Pattern name, String nameExpected, Field element) {
      super("names, each with " + element.expected());
      this.name = name;
      this.nameExpected = nameExpected;
      this.element = element;
    }

    @Override
    @Nullable Object read(Node node, String where, NodeReader reader) {
      if (!(node instanceof MappingNode mapping)) {
        return reader.refuse(node, where, expected(), NodeReader.found(node), "");
      }
      Map<String, Object> values = new TreeMap<>();
      for (NodeTuple tuple : reader.tuples(mapping, where)) {
        String key = NodeReader.key(tuple);
        String below = where + "." + key;
        reader.place(below, tuple);
        if (!name.matcher(key).matches()) {
          reader.refuse(tuple.getKeyNode(), below, nameExpected, "'" + key + "'", "");
        }
        Object value = element.read(tuple.getValueNode(), below, reader);
        if (value != null) {
          values.put(key, value);
        }
      }
      return new Options(values);
    }
  }

  private static final class Chosen extends Field {
    private final String tag;
    private final @Nullable String otherwise;
    private final Schema common;
    private final Map<String, Schema> variants;

    Chosen(String tag, @Nullable String otherwise, Schema common, Map<String, Schema> variants) {
      super("keys of " + tag + ", " + String.join(", ", common.keys().keySet()));
      this.tag = tag;
      this.otherwise = otherwise;
      this.common = common;
      this.variants = Map.copyOf(variants);
    }

    @Override
    @Nullable Object read(Node node, String where, NodeReader reader) {
      Field choice = choice(variants.keySet().stream().sorted().toArray(String[]::new));
      Schema.Key key =
          otherwise == null
              ? Schema.required(tag, choice)
              : Schema.optional(tag, choice, otherwise);
      Schema shared = common.and(Schema.of(key));
      String word = reader.word(node, tag);
      Schema variant = variants.get(word != null ? word : otherwise == null ? "" : otherwise);
      // Without a variant, other keys can be neither right nor wrong.
      return variant == null
          ? reader.known(node, where, shared)
          : reader.mapping(node, where, shared.and(variant));
    }
  }
}
