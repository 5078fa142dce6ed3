package dev.tidemark.elsewhere;

/** Belongs to no module that anybody agreed on. */
public record Offender(String text) {}
