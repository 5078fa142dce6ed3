package dev.tidemark.core.control;

import dev.tidemark.core.control.VaultCheck.Promise;
import java.util.List;

/**
 * A vault.
 *
 * @param name its configured name; empty where it has none
 * @param path where it is, in words for a person
 * @param id as its {@code vault.json} says
 * @param created whether this request made it
 * @param probed what its store was tried for before; empty for a folder, and for a vault that was
 *     there
 */
public record VaultView(
    String name, String path, String id, String format, boolean created, List<Promise> probed) {}
