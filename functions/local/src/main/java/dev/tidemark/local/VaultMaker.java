package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.local.app.VaultCheck.Promise;
import dev.tidemark.local.app.VaultView;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a vault of an empty or absent folder, or of an empty place in a bucket, whose store must
 * first show that it keeps its promises: a server that takes no conditional requests would lose
 * backups.
 */
final class VaultMaker {
  private static final String FORMAT = "1.0";

  /** What an earlier probe may have left, where new objects are locked. */
  private static final String PROBES = "probe/";

  private final LocalSite site;
  private final InstantSource clock;

  VaultMaker(LocalSite site, InstantSource clock) {
    this.site = site;
    this.clock = clock;
  }

  VaultView make(String name) {
    String config = site.newest();
    VaultLocation location = site.location(config, name);
    BlobStore store = site.store(config, name);
    if (isThere(location, store)) {
      return view(name, location, site.vault(config, name), false, List.of());
    }
    List<Promise> probed = List.of();
    if (location instanceof VaultLocation.Folder folder) {
      requireEmpty(folder.path());
    } else {
      requireEmpty(store);
      probed = requireKept(store);
    }
    return view(name, location, Vault.create(store, new SecureIds()), true, probed);
  }

  private static VaultView view(
      String name, VaultLocation location, Vault vault, boolean created, List<Promise> probed) {
    return new VaultView(name, location.words(), vault.id(), FORMAT, created, probed);
  }

  private static boolean isThere(VaultLocation location, BlobStore store) {
    return location instanceof VaultLocation.Folder folder
        ? Files.exists(folder.path().resolve(VaultKeys.VAULT))
        : store.head(VaultKeys.VAULT).isPresent();
  }

  private List<Promise> requireKept(BlobStore store) {
    List<Promise> promises = probed(store, clock);
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
  static List<Promise> probed(BlobStore store, InstantSource clock) {
    return new StoreCheck(store, clock, new SecureIds())
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

  private static void requireEmpty(Path folder) {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
        for (Path each : content) {
          if (!each.getFileName().toString().equals(".tmp")) {
            throw PermanentFailure.of(CONFLICT, "folder " + folder)
                .expected("an empty or absent folder for a vault")
                .found(each.getFileName() + " in it")
                .hint("choose another folder");
          }
        }
      }
    } catch (IOException e) {
      throw new TransientFailure("folder " + folder + " cannot be made or read: " + e, e);
    }
  }
}
