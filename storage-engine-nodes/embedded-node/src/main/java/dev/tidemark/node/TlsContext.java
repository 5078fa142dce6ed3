package dev.tidemark.node;

import java.io.IOException;
import java.io.InputStream;
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
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** How a node speaks TLS to the others: its own certificate shown, theirs checked. */
final class TlsContext {
  private static final List<String> KEY_KINDS = List.of("RSA", "EC", "Ed25519");
  private static final char[] NO_PASSWORD = {};

  private TlsContext() {}

  static SSLContext of(TlsFiles files) {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(identity(files), NO_PASSWORD);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(files.authority().isPresent() ? trusting(files.authority().get()) : null);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS files cannot be used: " + e, e);
    }
  }

  private static KeyStore identity(TlsFiles files) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        "node",
        key(files.key()),
        NO_PASSWORD,
        certificates(files.certificate()).toArray(Certificate[]::new));
    return store;
  }

  private static KeyStore trusting(Path authority) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate certificate : certificates(authority)) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path pem)
      throws GeneralSecurityException, IOException {
    try (InputStream bytes = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(bytes);
    }
  }

  private static PrivateKey key(Path pem) throws GeneralSecurityException, IOException {
    String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
    var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text));
    for (String kind : KEY_KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // Of another kind: the encoding says which only inside.
      }
    }
    throw new GeneralSecurityException(pem + " is no PKCS #8 key of " + KEY_KINDS);
  }
}
