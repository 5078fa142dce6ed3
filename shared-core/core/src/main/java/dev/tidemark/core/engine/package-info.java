/**
 * What Tidemark asks of a database: four small roles. {@link dev.tidemark.core.engine.Catalog}
 * tells what there is, {@link dev.tidemark.core.engine.Source} gives the bytes of a unit, {@link
 * dev.tidemark.core.engine.Target} takes them back, {@link dev.tidemark.core.engine.Guard} holds
 * back what would disturb. An engine that has no guard has none; no adapter says "unsupported".
 *
 * <p>Whatever a run makes on an engine carries the run's {@link dev.tidemark.core.engine.RunToken},
 * so that after a crash ours can be told from the user's. Names that do not carry it are never
 * touched.
 */
@NullMarked
package dev.tidemark.core.engine;

import org.jspecify.annotations.NullMarked;
