package dev.tidemark.journey.architecture.offending;

import dev.tidemark.contract.StateTableContract;

/** Abstract, so that nobody runs it. */
abstract class WrongQueueTest implements StateTableContract {}
