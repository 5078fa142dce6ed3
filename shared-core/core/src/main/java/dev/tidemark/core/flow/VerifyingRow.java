package dev.tidemark.core.flow;

/** Which run verifies a backup, and how much of it, so that the same request finds it. */
record VerifyingRow(int v, String run, int percent) {}
