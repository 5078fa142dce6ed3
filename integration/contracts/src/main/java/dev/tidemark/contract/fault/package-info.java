/**
 * Faults for any port, between a caller and the real thing: {@link
 * dev.tidemark.contract.fault.Faults} wraps ports, a {@link dev.tidemark.contract.fault.FaultPlan}
 * says at which call what goes wrong.
 */
@NullMarked
package dev.tidemark.contract.fault;

import org.jspecify.annotations.NullMarked;
