package dev.tidemark.api.access;

import dev.tidemark.core.config.Role;

/**
 * Who sends a request.
 *
 * @param name for logs: a token's name, never the token
 */
public record Caller(String name, Role role) {}
