package dev.tidemark.engine.http;

import dev.tidemark.core.failure.PermanentFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS with a private authority and a client certificate, all of them PEM texts. */
public final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private Tls() {}

  /**
   * The same of files.
   *
   * @throws PermanentFailure INVALID also where one of them cannot be read
   */
  public static SSLContext ofFiles(
      String what, @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    return context(what, read(what, authorities), read(what, certificate), read(what, key));
  }

  private static @Nullable String read(String what, @Nullable Path file) {
    if (file == null) {
      return null;
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, what)
          .expected("a readable file " + file)
          .found(e.getClass().getSimpleName())
          .cause(e);
    }
  }

  /**
   * @param what whose TLS it is, for messages
   * @param authorities certificates to trust, instead of the JDK's; null for the JDK's
   * @param certificate the client's chain; null for none
   * @param key its private key in PKCS #8, not encrypted; null for none
   * @throws PermanentFailure INVALID where one of them is something else
   */
  public static SSLContext context(
      String what,
      @Nullable String authorities,
      @Nullable String certificate,
      @Nullable String key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate == null || key == null ? null : keys(what, certificate, key),
          authorities == null ? null : trust(what, authorities),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, what)
          .expected("certificates and a key that belong together")
          .found(String.valueOf(e.getMessage()))
          .cause(e);
    }
  }

  private static TrustManager[] trust(String what, String pem)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int n = 0;
    for (Certificate authority : certificates(what, pem)) {
      store.setCertificateEntry("authority" + n++, authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(String what, String certificate, String key)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    char[] none = new char[0];
    store.setKeyEntry(
        "client",
        privateKey(what, key),
        none,
        certificates(what, certificate).toArray(Certificate[]::new));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String what, String pem)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (found.isEmpty()) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, what)
          .expected("certificates in PEM")
          .found("none");
    }
    return found;
  }

  private static PrivateKey privateKey(String what, String pem) throws GeneralSecurityException {
    Matcher matcher = KEY.matcher(pem);
    if (matcher.find()) {
      byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(1));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (InvalidKeySpecException e) {
          // Of another kind: the next one.
        }
      }
    }
    throw PermanentFailure.of(PermanentFailure.Kind.INVALID, what)
        .expected("a key that begins with -----BEGIN PRIVATE KEY-----")
        .found("something else")
        .hint("convert it: openssl pkcs8 -topk8 -nocrypt");
  }
}
