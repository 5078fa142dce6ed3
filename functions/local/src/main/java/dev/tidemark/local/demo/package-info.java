/**
 * The demonstration: a small real cluster that is backed up while it is written to, lost, restored,
 * and proven to be what it was. It uses what a person uses: a configuration file, the application's
 * facade, and the nodes' own HTTP API.
 */
@NullMarked
package dev.tidemark.local.demo;

import org.jspecify.annotations.NullMarked;
