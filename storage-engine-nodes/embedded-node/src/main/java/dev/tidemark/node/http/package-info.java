/** The HTTP API of a node, as API.md of this module tells it: controllers only translate. */
@NullMarked
package dev.tidemark.node.http;

import org.jspecify.annotations.NullMarked;
