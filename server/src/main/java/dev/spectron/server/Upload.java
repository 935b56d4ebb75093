package dev.spectron.server;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Speech;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;

/**
 * A recording that came over HTTP: the {@code file} of a form, or the whole body.
 *
 * @param file bytes of a WAV file
 * @param fields the other fields of the form, or those of the query
 */
record Upload(byte[] file, Map<String, String> fields) {
  private static final int PIECE_BYTES = 1 << 14;
  private static final int MAX_PARTS = 32;
  private static final int MAX_FIELD_CHARS = 4096;

  /**
   * Reads a request.
   *
   * @throws ApiException if it is too large or malformed
   */
  static Upload read(Request request, Limits limits) throws IOException {
    byte[] body = body(request, limits);
    String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
    String kind = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case "multipart/form-data" -> form(body, type);
      case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "application/octet-stream" ->
          new Upload(body, query(request));
      default ->
          throw new ApiException(
              "unsupported_media_type",
              415,
              "content type: expected audio/wav or multipart/form-data; send a WAV file");
    };
  }

  /**
   * The recording.
   *
   * @throws dev.spectron.core.error.AudioException if it is no WAV file or too long
   */
  Speech speech(Limits limits) {
    Waveform waveform =
        WavFile.read("file", new ByteArrayInputStream(file), limits.questionSeconds());
    return Speech.of(waveform.samples(), waveform.sampleRate());
  }

  /** Waits for each piece as long as the connection may be silent, and for all a bounded time. */
  private static byte[] body(Request request, Limits limits) throws IOException {
    int most = limits.bodyBytes();
    long end = System.nanoTime() + limits.upload().toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE_BYTES];
    try (InputStream in = Content.Source.asInputStream(request)) {
      boolean fits = request.getLength() <= most;
      for (int read = 0; fits && read >= 0; read = in.read(piece)) {
        requireInTime(end, limits);
        body.write(piece, 0, read);
        fits = body.size() <= most;
      }
      if (!fits) {
        passOver(in, most, end);
        throw tooLarge(most);
      }
    }
    return body.toByteArray();
  }

  private static void requireInTime(long end, Limits limits) {
    if (System.nanoTime() - end > 0) {
      throw new ApiException(
          "request_too_slow",
          408,
          "body: expected all of it within %d s, found less; send it faster"
              .formatted(limits.upload().toSeconds()));
    }
  }

  /** Reads on for a while: a client that is still sending would not see its error. */
  private static void passOver(InputStream in, int most, long end) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    long passed = 0;
    for (int read = 0;
        read >= 0 && passed < 2L * most && System.nanoTime() - end < 0;
        read = in.read(piece)) {
      passed += read;
    }
  }

  private static ApiException tooLarge(int most) {
    return new ApiException(
        "request_too_large",
        413,
        "body: expected at most %d bytes, found more; send a shorter recording".formatted(most));
  }

  private static Upload form(byte[] body, String type) {
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .maxParts(MAX_PARTS)
            .maxSize(body.length)
            .maxPartSize(body.length)
            .maxMemoryPartSize(body.length) // nothing touches the disk
            .maxHeadersSize(4096)
            .useFilesForPartsWithoutFileName(false)
            .build();
    Map<String, String> fields = new LinkedHashMap<>();
    try (MultiPartFormData.Parts parts =
        MultiPartFormData.getParts(
            Content.Source.from(ByteBuffer.wrap(body)), new Attributes.Mapped(), type, config)) {
      MultiPart.Part file = parts.getFirst("file");
      if (file == null) {
        throw new ApiException(
            "missing_required_parameter", "file", "expected a WAV file, found none; send it");
      }
      for (MultiPart.Part part : parts) {
        if (!"file".equals(part.getName()) && part.getLength() <= MAX_FIELD_CHARS) {
          fields.put(part.getName(), part.getContentAsString(StandardCharsets.UTF_8));
        }
      }
      return new Upload(bytes(file), fields);
    } catch (ApiException e) {
      throw e;
    } catch (Exception e) {
      throw new ApiException(
          "invalid_form", 400, "body: expected multipart/form-data, found a malformed one; resend");
    }
  }

  private static byte[] bytes(MultiPart.Part part) throws IOException {
    try (InputStream in = Content.Source.asInputStream(part.getContentSource())) {
      return in.readAllBytes();
    }
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> fields = new LinkedHashMap<>();
    Request.extractQueryParameters(request)
        .forEach(field -> fields.put(field.getName(), field.getValue()));
    return fields;
  }
}
