/**
 * HTTP to a database's nodes: one {@link dev.tidemark.engine.http.Endpoint} per node, with its
 * credentials, its deadline for every exchange, and its share of the bandwidth. What failed in a
 * way that may pass is a {@link dev.tidemark.core.failure.TransientFailure}; any other answer is
 * given to the adapter, which alone knows what it means.
 */
@NullMarked
package dev.tidemark.engine.http;

import org.jspecify.annotations.NullMarked;
