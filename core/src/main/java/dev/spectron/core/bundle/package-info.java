/**
 * A model on disk: {@code config.json}, {@code tokenizer.json} and one safetensors file a stage.
 * Read {@code ModelBundle} first.
 */
package dev.spectron.core.bundle;
