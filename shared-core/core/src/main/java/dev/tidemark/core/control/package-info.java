/**
 * What people can ask of Tidemark on any host: {@link dev.tidemark.core.control.Control}, its
 * requests and its answers. {@link dev.tidemark.core.control.FlowControl} answers from the flow's
 * table and the vaults; a host adds what only it can, and says where its vaults are ({@link
 * dev.tidemark.core.control.VaultPlaces}). The command line and the HTTP API are two ways to ask.
 */
@NullMarked
package dev.tidemark.core.control;

import org.jspecify.annotations.NullMarked;
