package dev.tidemark.local.app;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a server offers beside its work.
 *
 * @param metricsPort of the loopback interface for Prometheus text; 0 for any; empty for none
 * @param listening for the API; empty for none
 */
public record ServeOptions(OptionalInt metricsPort, Optional<Listening> listening) {}
