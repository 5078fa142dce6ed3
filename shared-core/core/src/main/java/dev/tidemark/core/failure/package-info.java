/**
 * The two ways in which a step fails: {@link dev.tidemark.core.failure.TransientFailure} (the step
 * sends its item again, later) and {@link dev.tidemark.core.failure.PermanentFailure} (trying again
 * cannot help; a person is told what was expected, what was found, which id, and what to do).
 *
 * <p>An adapter translates its provider's errors once, keeps the cause, and settles an unknown
 * outcome by reading again; where it cannot, the failure is transient.
 */
@NullMarked
package dev.tidemark.core.failure;

import org.jspecify.annotations.NullMarked;
