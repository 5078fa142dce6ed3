package dev.tidemark.local.app;

/**
 * A vault.
 *
 * @param name its configured name; empty where it has none
 * @param path where it is, in words for a person
 * @param id as its {@code vault.json} says
 * @param created whether this request made it
 */
public record VaultView(String name, String path, String id, String format, boolean created) {}
