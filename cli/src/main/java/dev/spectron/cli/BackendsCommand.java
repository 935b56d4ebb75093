package dev.spectron.cli;

import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Backends.Listing;
import dev.spectron.core.bundle.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spectron backends}: what can compute here. */
@Command(
    name = "backends",
    description = {
      "List the back ends, best first, and whether each can open on this machine.",
      "--backend auto takes the one that is marked with a star.",
      ""
    },
    footer = {"  spectron backends", "  spectron backends --json"})
final class BackendsCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  BackendsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    boolean chosen = false;
    for (Listing listing : Backends.list()) {
      boolean auto = !chosen && listing.availability().available();
      chosen |= auto;
      console.line(json ? object(listing, auto) : text(listing, auto));
    }
    return 0;
  }

  private static String text(Listing listing, boolean auto) {
    return "%s %-10s %-13s %s"
        .formatted(
            auto ? "*" : " ",
            listing.name(),
            listing.availability().available() ? "available" : "not available",
            listing.availability().detail());
  }

  private static String object(Listing listing, boolean auto) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", listing.name());
    fields.put("available", listing.availability().available());
    fields.put("auto", auto);
    fields.put("detail", listing.availability().detail());
    return Json.line(fields);
  }
}
