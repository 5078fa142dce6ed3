package dev.tidemark.core.flow;

import dev.tidemark.core.state.Row;

/** A row and what it says; the row is the condition for changing it. */
record Held<T>(Row row, T value) {}
