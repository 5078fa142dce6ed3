/**
 * {@link dev.tidemark.api} in a server of this process, on Netty. Nothing else of this host touches
 * these classes, so a command that does not serve does not load them.
 */
@NullMarked
package dev.tidemark.local.http;

import org.jspecify.annotations.NullMarked;
