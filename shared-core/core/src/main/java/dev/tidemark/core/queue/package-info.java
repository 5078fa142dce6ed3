/** The two queues that carry work from one step to the next. */
@NullMarked
package dev.tidemark.core.queue;

import org.jspecify.annotations.NullMarked;
