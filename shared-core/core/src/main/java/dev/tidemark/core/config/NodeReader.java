package dev.tidemark.core.config;

import dev.tidemark.core.failure.PermanentFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML nodes by schemas, and collects every problem with its place. */
final class NodeReader {
  private static final Set<Tag> LITERALS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

  private final String file;
  private final Path folder;
  private final SortedSet<String> secretSchemes;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Mark> places = new HashMap<>();

  NodeReader(String file, Path folder, SortedSet<String> secretSchemes) {
    this.file = file;
    this.folder = folder;
    this.secretSchemes = secretSchemes;
  }

  Path folder() {
    return folder;
  }

  SortedSet<String> secretSchemes() {
    return secretSchemes;
  }

  List<Problem> problems() {
    return problems;
  }

  /** The options of a mapping whose keys are all in the schema. */
  @Nullable Options mapping(Node node, String where, Schema schema) {
    int before = problems.size();
    Options options = known(node, where, schema);
    if (options != null) {
      refuseUnknown((MappingNode) node, where, schema);
    }
    if (options != null && problems.size() == before) {
      try {
        schema.check(options);
      } catch (PermanentFailure e) {
        Mark place = places.getOrDefault(where, mark(node));
        refuse(place, where, e.expected(), e.found(), e.hint());
      }
    }
    return options;
  }

  /** The options of a mapping's known keys. */
  @Nullable Options known(Node node, String where, Schema schema) {
    if (!(node instanceof MappingNode mapping)) {
      refuse(node, where, "keys of " + String.join(", ", schema.keys().keySet()), found(node), "");
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    for (NodeTuple tuple : tuples(mapping, where)) {
      Schema.Key key = schema.keys().get(key(tuple));
      if (key != null) {
        String below = below(where, key.name());
        place(below, tuple);
        Object value = key.field().read(tuple.getValueNode(), below, this);
        if (value != null) {
          values.put(key.name(), value);
        }
      }
    }
    fillIn(mapping, where, schema, values);
    return new Options(values);
  }

  private void fillIn(
      MappingNode mapping, String where, Schema schema, Map<String, Object> values) {
    Set<String> present = new HashSet<>();
    mapping.getValue().forEach(tuple -> present.add(key(tuple)));
    for (Schema.Key key : schema.keys().values()) {
      if (present.contains(key.name())) {
        continue;
      }
      if (key.otherwise() != null) {
        values.put(key.name(), key.otherwise());
      } else if (key.required()) {
        refuse(
            places.getOrDefault(where, mark(mapping)),
            below(where, key.name()),
            key.field().expected(),
            "no key '" + key.name() + "'",
            mistyped(key.name(), present, schema));
      }
    }
  }

  private static String mistyped(String missing, Set<String> present, Schema schema) {
    List<String> unknown =
        present.stream().filter(key -> !schema.keys().containsKey(key)).sorted().toList();
    return Nearest.to(missing, unknown)
        .map(key -> "write '%s' instead of '%s'".formatted(missing, key))
        .orElse("add it");
  }

  private void refuseUnknown(MappingNode mapping, String where, Schema schema) {
    for (NodeTuple tuple : mapping.getValue()) {
      String key = key(tuple);
      if (!schema.keys().containsKey(key)) {
        refuse(
            tuple.getKeyNode(),
            where,
            "keys of " + String.join(", ", schema.keys().keySet()),
            "the key '" + key + "'",
            Nearest.hint(key, schema.keys().keySet()));
      }
    }
  }

  /** Remembers where a value stands: itself where it is short, else its key. */
  void place(String where, NodeTuple tuple) {
    boolean scalar = tuple.getValueNode() instanceof ScalarNode;
    places.put(where, mark(scalar ? tuple.getValueNode() : tuple.getKeyNode()));
  }

  /** The tuples of a mapping, each key once; a second one is refused. */
  List<NodeTuple> tuples(MappingNode mapping, String where) {
    Map<String, Mark> seen = new HashMap<>();
    List<NodeTuple> tuples = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Mark first = seen.putIfAbsent(key(tuple), mark(tuple.getKeyNode()));
      if (first == null) {
        tuples.add(tuple);
      } else {
        refuse(
            tuple.getKeyNode(),
            below(where, key(tuple)),
            "each key once",
            "the key a second time; the first is in line " + (first.getLine() + 1),
            "remove one of them");
      }
    }
    return tuples;
  }

  /** The scalar value of a key of a mapping. */
  @Nullable String word(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (key(tuple).equals(key)) {
          String literal = literal(tuple.getValueNode());
          return literal == null ? "" : literal;
        }
      }
    }
    return null;
  }

  /** Reports a problem at a node; null, so that a caller can answer it. */
  @Nullable Object refuse(Node node, String where, String expected, String found, String hint) {
    return refuse(mark(node), where, expected, found, hint);
  }

  /** Reports a problem at the value of keys that were read before. */
  void refuse(String where, String expected, String found, String hint) {
    refuse(places.get(where), where, expected, found, hint);
  }

  @Nullable Object refuse(
      @Nullable Mark mark, String where, String expected, String found, String hint) {
    int line = mark == null ? 1 : mark.getLine() + 1;
    int column = mark == null ? 1 : mark.getColumn() + 1;
    problems.add(new Problem(file, line, column, where, expected, found, hint));
    return null;
  }

  /** The text of a scalar as it is written; null where there is none, or a tag of its own. */
  static @Nullable String literal(Node node) {
    return node instanceof ScalarNode scalar && LITERALS.contains(scalar.getTag())
        ? scalar.getValue()
        : null;
  }

  static String key(NodeTuple tuple) {
    String literal = literal(tuple.getKeyNode());
    return literal == null ? "?" : literal;
  }

  /** A node in words. */
  static String found(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    String literal = literal(node);
    if (literal != null) {
      return "'" + (literal.length() > 80 ? literal.substring(0, 80) + "…" : literal) + "'";
    }
    if (node instanceof ScalarNode) {
      return node.getTag().equals(Tag.NULL) ? "nothing" : "a value with a tag";
    }
    return "a list";
  }

  private static String below(String where, String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  private static @Nullable Mark mark(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.orElse(null);
  }
}
