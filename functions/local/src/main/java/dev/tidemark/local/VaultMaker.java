package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import dev.tidemark.local.app.VaultView;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a vault of an empty or absent folder. */
final class VaultMaker {
  private static final String FORMAT = "1.0";

  private final LocalSite site;

  VaultMaker(LocalSite site) {
    this.site = site;
  }

  VaultView make(String name) {
    String config = site.newest();
    Path folder = site.path(config, name);
    boolean there = Files.exists(folder.resolve(VaultKeys.VAULT));
    if (!there) {
      requireEmpty(folder);
    }
    Vault vault =
        there ? site.vault(config, name) : Vault.create(site.store(config, name), new SecureIds());
    return new VaultView(name, folder.toString(), vault.id(), FORMAT, !there);
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
