package dev.tidemark.node;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files.
 *
 * @param certificate of this node, with its chain; shown to clients and to other nodes
 * @param key PKCS #8, not encrypted
 * @param clientAuthority signs the certificates that clients must have; empty: they need none
 * @param authority signs the certificates of the other nodes; empty: those that Java trusts
 */
public record TlsFiles(
    Path certificate, Path key, Optional<Path> clientAuthority, Optional<Path> authority) {}
