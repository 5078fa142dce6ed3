/** The wire contract: work items on the queues, notices to the outside. Needs JSON only. */
@NullMarked
package dev.tidemark.events;

import org.jspecify.annotations.NullMarked;
