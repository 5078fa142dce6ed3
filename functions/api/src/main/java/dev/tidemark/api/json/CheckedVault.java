package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.VaultCheck;
import java.util.List;

/**
 * What a vault's store was tried for.
 *
 * @param path where it is, in words
 * @param id as its {@code vault.json} says
 * @param good whether every promise was kept
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckedVault(
    String name, String path, String id, boolean good, List<Promise> promises) {

  public static CheckedVault of(VaultCheck check) {
    return new CheckedVault(
        check.name(),
        check.path(),
        check.id(),
        check.good(),
        check.promises().stream().map(Promise::of).toList());
  }

  public VaultCheck view() {
    return new VaultCheck(name, path, id, promises.stream().map(Promise::view).toList());
  }
}
