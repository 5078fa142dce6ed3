/**
 * The HTTP control API under {@code /v1}: controllers over {@link
 * dev.tidemark.core.control.Control}, and filters. No server: a host makes the {@link
 * dev.tidemark.api.Api}, and answers its requests by Netty, by a cloud's function, or otherwise.
 *
 * <p>Routes, fields, answers and failures are told by the OpenAPI document that the build makes of
 * the controllers, which is checked in beside this module's README and served at {@code
 * /v1/openapi.yaml}. Names and values are those of Weaviate's backup routes wherever it has them.
 *
 * <p>A safe request (GET, HEAD) asks for the role reader, any other for operator, and one that
 * replaces data for admin ({@link dev.tidemark.api.access}). A refusal has started nothing. The
 * same request again gets the same answer.
 */
@NullMarked
package dev.tidemark.api;

import org.jspecify.annotations.NullMarked;
