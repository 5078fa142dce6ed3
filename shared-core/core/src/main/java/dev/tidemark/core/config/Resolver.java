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
        each(tree.options("clusters"), (name, cluster) -> cluster(name, cluster, settings, vaults));
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

  private Options cluster(String name, Options cluster, Options settings, Options vaults) {
    Options whole = cluster;
    if (!cluster.has("width") && settings.has("width")) {
      whole = whole.with("width", settings.number("width"));
    }
    String where = "clusters." + name;
    if (cluster.has("staging")) {
      apart(where + ".staging", cluster.options("staging"), vaults);
    }
    for (Options root : cluster.many("roots")) {
      without(where + ".roots", root, vaults);
    }
    if (cluster.has("vault")) {
      known(where + ".vault", "vault", cluster.text("vault"), vaults.names());
      return whole;
    }
    if (vaults.names().size() == 1) {
      return whole.with("vault", vaults.names().iterator().next());
    }
    reader.refuse(
        where,
        "the key 'vault'",
        vaults.names().isEmpty()
            ? "neither it nor any vault"
            : "no such key, and more than one vault",
        "name the vault of its backups");
    return whole;
  }

  /**
   * What is staged is deleted again, and nothing but what a vault decides itself leaves a vault.
   */
  private void apart(String where, Options staging, Options vaults) {
    Place place = Place.of(staging).orElse(Place.NOWHERE);
    places(vaults)
        .forEach(
            (vault, kept) -> {
              if (place.isIn(kept) || kept.isIn(place)) {
                reader.refuse(
                    where,
                    "a place of its own, in no vault and with no vault in it",
                    "that of vault '%s'".formatted(vault),
                    "what is staged is deleted again: name another folder, bucket or prefix");
              }
            });
  }

  /**
   * A backup that holds its own vault holds all backups before it: each is twice the one before.
   * Patterns are not tried here; one that names a folder on the way to the vault is believed.
   */
  private void without(String where, Options root, Options vaults) {
    Place place = Place.of(root).orElse(Place.NOWHERE);
    places(vaults)
        .forEach(
            (vault, kept) -> {
              if (kept.isIn(place) && !isLeftOut(root, kept.from(place))) {
                reader.refuse(
                    where,
                    "a root without a vault in it",
                    "vault '%s' in %s".formatted(vault, root.text("path")),
                    kept.equals(place)
                        ? "name another folder"
                        : "exclude it from the root: exclude: [%s/]"
                            .formatted(String.join("/", kept.from(place))));
              }
            });
  }

  private static boolean isLeftOut(Options root, List<String> way) {
    return !root.texts("include").isEmpty()
        || root.texts("exclude").stream().anyMatch(out -> way.stream().anyMatch(out::contains));
  }

  /** Of the vaults, as far as what is said of them is whole. */
  private static Map<String, Place> places(Options vaults) {
    Map<String, Place> places = new TreeMap<>();
    for (String vault : vaults.names()) {
      Place.of(vaults.options(vault)).ifPresent(place -> places.put(vault, place));
    }
    return places;
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
