package dev.tidemark.api.json;

import java.util.List;

/** All policies of the configuration, by name. */
public record Policies(List<Policy> policies) {}
