package dev.tidemark.core.control;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.control.VaultCheck.Promise;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a vault of an empty place, whose store must first show that it keeps its promises: a server
 * that takes no conditional requests would lose backups.
 */
final class VaultMaker {
  private static final String FORMAT = "1.0";

  /** What an earlier probe may have left, where new objects are locked. */
  private static final String PROBES = "probe/";

  private final VaultPlaces places;
  private final InstantSource clock;
  private final Ids ids;

  VaultMaker(VaultPlaces places, InstantSource clock, Ids ids) {
    this.places = places;
    this.clock = clock;
    this.ids = ids;
  }

  VaultView make(String name) {
    boolean trusted = places.prepare(name);
    BlobStore store = places.store(name);
    if (store.head(VaultKeys.VAULT).isPresent()) {
      return view(name, Vault.open(store), false, List.of());
    }
    List<Promise> probed = List.of();
    if (!trusted) {
      requireEmpty(store);
      probed = requireKept(store);
    }
    return view(name, Vault.create(store, ids), true, probed);
  }

  private VaultView view(String name, Vault vault, boolean created, List<Promise> probed) {
    return new VaultView(name, places.words(name), vault.id(), FORMAT, created, probed);
  }

  VaultCheck check(String name) {
    Vault vault = places.reachable(name);
    return new VaultCheck(name, places.words(name), vault.id(), probed(vault.store()));
  }

  private List<Promise> requireKept(BlobStore store) {
    List<Promise> promises = probed(store);
    String broken =
        promises.stream()
            .filter(promise -> !promise.kept())
            .map(promise -> promise.text() + ": " + promise.detail())
            .collect(Collectors.joining("; "));
    if (!broken.isEmpty()) {
      throw PermanentFailure.of(INVALID, "store " + store.description())
          .expected("a store that keeps what a vault relies on")
          .found(broken)
          .hint("use a store that keeps it; no vault was made");
    }
    return promises;
  }

  /** Tries the promises of a live store. */
  private List<Promise> probed(BlobStore store) {
    return new StoreCheck(store, clock, ids)
        .run().findings().stream()
            .map(
                each -> new Promise(each.name(), each.passed(), each.passed() ? "" : each.detail()))
            .toList();
  }

  private static void requireEmpty(BlobStore store) {
    String after = null;
    List<BlobInfo> page;
    do {
      page = store.list("", after, 100);
      for (BlobInfo each : page) {
        if (!each.key().startsWith(PROBES)) {
          throw PermanentFailure.of(CONFLICT, store.description())
              .expected("an empty place for a vault")
              .found(each.key() + " in it")
              .hint("choose another prefix");
        }
        after = each.key();
      }
    } while (!page.isEmpty());
  }
}
