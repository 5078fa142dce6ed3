package dev.tidemark.core.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Checks what one part of a configuration says of another, and fills in what it leaves open. */
final class Resolver {
  private final NodeReader reader;
  private final List<String> notices;

  Resolver(NodeReader reader, List<String> notices) {
    this.reader = reader;
    this.notices = notices;
  }

  Options resolve(Options tree) {
    Options settings = chunkSize("settings", tree.options("settings"));
    Options vaults = each(tree.options("vaults"), (name, vault) -> vault(name, vault, settings));
    Options clusters =
        each(
            tree.options("clusters"),
            (name, cluster) -> cluster(name, cluster, settings, vaults.names()));
    Options policies = tree.options("policies");
    policies.names().forEach(name -> policy(name, policies.options(name), vaults, clusters));
    return tree.with("settings", settings).with("vaults", vaults).with("clusters", clusters);
  }

  private Options vault(String name, Options vault, Options settings) {
    Options whole = vault;
    for (String key : List.of("compression", "chunkSize")) {
      if (!vault.has(key) && settings.has(key)) {
        whole =
            key.equals("chunkSize")
                ? whole.with(key, settings.number(key))
                : whole.with(key, settings.text(key));
      }
    }
    return vault.has("chunkSize") ? chunkSize("vaults." + name, whole) : whole;
  }

  private Options cluster(String name, Options cluster, Options settings, Set<String> vaults) {
    Options whole = cluster;
    if (!cluster.has("width") && settings.has("width")) {
      whole = whole.with("width", settings.number("width"));
    }
    String where = "clusters." + name;
    if (cluster.has("vault")) {
      known(where + ".vault", "vault", cluster.text("vault"), vaults);
      return whole;
    }
    if (vaults.size() == 1) {
      return whole.with("vault", vaults.iterator().next());
    }
    reader.refuse(
        where,
        "the key 'vault'",
        vaults.isEmpty() ? "neither it nor any vault" : "no such key, and more than one vault",
        "name the vault of its backups");
    return whole;
  }

  private void policy(String name, Options policy, Options vaults, Options clusters) {
    String where = "policies." + name;
    policy
        .texts("clusters")
        .forEach(cluster -> known(where + ".clusters", "cluster", cluster, clusters.names()));
    if (policy.has("clusters") && policy.texts("clusters").isEmpty()) {
      reader.refuse(where + ".clusters", "at least one cluster", "an empty list", "");
    }
    if (policy.has("vault")) {
      known(where + ".vault", "vault", policy.text("vault"), vaults.names());
    }
    if (policy.has("include") && policy.has("exclude")) {
      reader.refuse(
          where + ".exclude", "include or exclude", "both", "keep the one that says it best");
    }
  }

  private void known(String where, String kind, String name, Set<String> names) {
    if (!names.contains(name)) {
      reader.refuse(
          where,
          names.isEmpty()
              ? "a configured %s, of which there is none".formatted(kind)
              : "a configured %s: %s".formatted(kind, String.join(", ", names)),
          "'" + name + "'",
          Nearest.hint(name, names));
    }
  }

  private Options chunkSize(String where, Options options) {
    if (!options.has("chunkSize")) {
      return options;
    }
    long asked = options.number("chunkSize");
    long used = ChunkSize.used(asked);
    if (used != asked) {
      notices.add("%s.chunkSize: %d MiB is used as %d MiB".formatted(where, asked, used));
    }
    return options.with("chunkSize", used);
  }

  private static Options each(Options options, BiFunction<String, Options, Options> change) {
    Map<String, Options> changed = new TreeMap<>();
    options.names().forEach(name -> changed.put(name, change.apply(name, options.options(name))));
    return new Options(changed);
  }
}
