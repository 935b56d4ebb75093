package dev.spectron.training.launch;

import dev.spectron.core.bundle.Json;
import java.nio.file.Path;

/** Jobs of the tests, as their files say. */
final class Jobs {
  private Jobs() {}

  /** A job with a few more keys, as {@code "restarts": 2,}. */
  static JobSpec of(Path out, String more) {
    return Json.parse(
        "job.json",
        """
        {"name": "tones", %s "recipe": "/r.json", "corpus": "/corpus", "out": %s}
        """
            .formatted(more, Json.line(out.toString())),
        JobSpec.class);
  }
}
