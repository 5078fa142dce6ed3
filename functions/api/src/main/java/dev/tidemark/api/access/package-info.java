/**
 * Who may ask. A {@link dev.tidemark.api.access.Callers} tells who sends a request and which role
 * that gives: by bearer token ({@link dev.tidemark.api.access.TokenCallers}), by what a gateway in
 * front has found out ({@link dev.tidemark.api.access.GatewayCallers}), or because only this
 * machine can ask ({@link dev.tidemark.api.access.LoopbackCallers}). The host chooses one.
 */
@NullMarked
package dev.tidemark.api.access;

import org.jspecify.annotations.NullMarked;
