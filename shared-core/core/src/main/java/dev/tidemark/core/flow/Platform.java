package dev.tidemark.core.flow;

import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Ids;
import java.time.InstantSource;

/**
 * All that the flow needs of its host, made once at the composition root.
 *
 * @param deployment this deployment's id, {@code [a-z0-9]{1,16}}
 * @param version of Tidemark, for manifests
 * @param parallelism how many threads move the bytes of one unit; 1: the calling one alone
 */
public record Platform(
    StateTable table,
    WorkQueue queue,
    Site site,
    Workers workers,
    InstantSource clock,
    Ids ids,
    Meters meters,
    FlowEvents events,
    NoticeBus notices,
    FlowSettings settings,
    String deployment,
    String version,
    int parallelism) {}
