package dev.tidemark.node.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How near two vectors are; less is nearer. */
public enum Distance {
  /** 1 − cos; 1 where a vector is zero. */
  @JsonProperty("cosine")
  COSINE,
  /** The negated inner product. */
  @JsonProperty("dot")
  DOT,
  /** The Euclidean distance. */
  @JsonProperty("l2")
  L2
}
