/**
 * Real servers of other projects that speak as a cloud does, started as processes on free ports of
 * the loopback interface, in folders of their own. One that is missing fails the test that needs
 * it, and says how to install it: {@code .ci/servers} does.
 */
@NullMarked
package dev.tidemark.contract.cloud;

import org.jspecify.annotations.NullMarked;
