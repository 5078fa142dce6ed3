/**
 * The command line. {@link dev.tidemark.local.cli.Cli} is the table of commands; each reads its
 * arguments completely before it opens anything, makes one request of {@link
 * dev.tidemark.local.app.Tidemark}, and prints the answer: for people, or with {@code --json} as
 * one JSON document.
 *
 * <p>Answers go to the standard output; progress, notes and failures to the standard error. Exit
 * codes: {@link dev.tidemark.local.cli.ExitCode}.
 */
@NullMarked
package dev.tidemark.local.cli;

import org.jspecify.annotations.NullMarked;
