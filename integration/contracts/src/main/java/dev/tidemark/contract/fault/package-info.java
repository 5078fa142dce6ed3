/**
 * Faults for any port, between a caller and the real thing: {@link
 * dev.tidemark.contract.fault.Faults} wraps ports, a {@link dev.tidemark.contract.fault.FaultPlan}
 * says at which call what goes wrong. And faults of the network, between processes: {@link
 * dev.tidemark.contract.fault.FaultProxy} stands before a server of HTTP, a {@link
 * dev.tidemark.contract.fault.NetworkPlan} says at which exchange what goes wrong; {@link
 * dev.tidemark.contract.fault.CannedServer} has the words of servers in rare states.
 */
@NullMarked
package dev.tidemark.contract.fault;

import org.jspecify.annotations.NullMarked;
