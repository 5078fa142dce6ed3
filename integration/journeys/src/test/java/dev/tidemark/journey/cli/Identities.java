package dev.tidemark.journey.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of our own and what it signs, made by the JDK's keytool, as PEM files. */
final class Identities {
  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";

  private final Path folder;

  private Identities(Path folder) {
    this.folder = folder;
  }

  static Identities in(Path folder) {
    var identities = new Identities(folder);
    identities.keytool(AUTHORITY, "-ext", "bc:c");
    return identities;
  }

  /** Signs one more identity, for 127.0.0.1. */
  Identities with(String name) {
    keytool(name, "-ext", "san=ip:127.0.0.1", "-signer", AUTHORITY);
    return this;
  }

  private void keytool(String alias, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-validity", "2"));
    command.addAll(List.of("-dname", "CN=" + alias, "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", file("p12").toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(file("log").toFile())
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(Files.readString(file("log")));
      }
      KeyStore store = store();
      StringBuilder chain = new StringBuilder();
      for (Certificate each : store.getCertificateChain(alias)) {
        chain.append(pem("CERTIFICATE", each.getEncoded()));
      }
      Files.writeString(certificate(alias), chain);
      byte[] key = store.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(key(alias), pem("PRIVATE KEY", key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file("p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static String pem(String kind, byte[] bytes) {
    byte[] newline = {'\n'};
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, Base64.getMimeEncoder(64, newline).encodeToString(bytes), kind);
  }

  private Path file(String kind) {
    return folder.resolve("identities." + kind);
  }

  Path authority() {
    return certificate(AUTHORITY);
  }

  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** Trusts the authority, and shows an identity. */
  SSLContext context(String name) {
    try {
      KeyStore all = store();
      for (String alias : List.of(AUTHORITY, "node", "client")) {
        if (!alias.equals(name) && all.containsAlias(alias)) {
          Certificate certificate = all.getCertificate(alias);
          all.deleteEntry(alias);
          if (alias.equals(AUTHORITY)) {
            all.setCertificateEntry(alias, certificate);
          }
        }
      }
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(all, PASSWORD.toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(all);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What must not be seen anywhere: a line of a private key. */
  String secretOf(String name) {
    try {
      return Files.readAllLines(key(name), StandardCharsets.US_ASCII).get(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
