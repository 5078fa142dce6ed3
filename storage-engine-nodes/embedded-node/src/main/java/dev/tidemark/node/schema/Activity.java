package dev.tidemark.node.schema;

/** Whether a shard's database is to be open. Only tenants are ever inactive. */
public enum Activity {
  ACTIVE,
  INACTIVE
}
