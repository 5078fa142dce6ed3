package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.VaultView;
import java.util.List;

/**
 * A vault that was made, or was there.
 *
 * @param path where it is, in words
 * @param id as its {@code vault.json} says
 * @param created whether this request made it
 * @param promises what its store was tried for before; empty where it is a folder of the server, or
 *     was there
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreatedVault(
    String name, String path, String id, String format, boolean created, List<Promise> promises) {

  public static CreatedVault of(VaultView vault) {
    return new CreatedVault(
        vault.name(),
        vault.path(),
        vault.id(),
        vault.format(),
        vault.created(),
        vault.probed().stream().map(Promise::of).toList());
  }

  public VaultView view() {
    return new VaultView(
        name, path, id, format, created, promises.stream().map(Promise::view).toList());
  }
}
