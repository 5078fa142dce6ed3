package dev.tidemark.api.json;

import java.util.List;

/** All vaults of the configuration, by name. */
public record Vaults(List<Vault> vaults) {}
