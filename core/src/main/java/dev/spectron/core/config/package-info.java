/** What a configuration record says of its form in {@code config.json}. */
package dev.spectron.core.config;
