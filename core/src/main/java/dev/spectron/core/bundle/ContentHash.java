package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over the bytes of files and texts, one after the other: tells one version of them from
 * another.
 */
public final class ContentHash {
  private static final int PORTION = 1 << 16;
  private static final int SHORT_BYTES = 6;

  private final MessageDigest digest;

  /** Of nothing yet. */
  public ContentHash() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("content hash: every Java platform has SHA-256", e);
    }
  }

  /**
   * Takes in a file.
   *
   * @throws BundleException if it cannot be read
   */
  public void add(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      add(in);
    } catch (IOException e) {
      throw Json.unreadable(file, e);
    }
  }

  /** Takes in a text and its end. */
  public void add(String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The first twelve hexadecimal digits of all that was taken in. Ends the hash.
   *
   * @return twelve digits: enough to tell versions apart, not to trust a stranger
   */
  public String shortHex() {
    return HexFormat.of().formatHex(digest.digest(), 0, SHORT_BYTES);
  }

  void add(InputStream in) throws IOException {
    byte[] portion = new byte[PORTION];
    for (int count = in.read(portion); count >= 0; count = in.read(portion)) {
      digest.update(portion, 0, count);
    }
  }
}
